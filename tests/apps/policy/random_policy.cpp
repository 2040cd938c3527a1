#include "tests/apps/policy/random_policy.hpp"

#include <set>
#include <string>
#include <vector>

#include "apps/policy/policy_words.hpp"

namespace fenliu::apps::policy {

namespace {

/// A text of at least one character, seldom the same twice.
std::string word() {
    const auto pieces = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("a", "Z", " ", "\"", "\\", "#", "'", "]", "\n", "\t", "\x01", "\x7f", "美", "😀")));
    std::string text;
    for (const auto& piece : pieces)
        if (text.size() + piece.size() <= limits::label_bytes) text += piece;
    return text;
}

std::vector<std::string> words() {
    std::set<std::string> found;
    for (int count = *rc::gen::inRange(0, 4); count > 0; --count)
        found.insert(word());
    return {found.rbegin(), found.rend()};
}

std::string account() { return *rc::gen::element<std::string>("acme", "acme:amy", "acme:bob", "acme:小美", "acme:li"); }

std::vector<std::string> accounts() {
    std::set<std::string> found;
    for (int count = *rc::gen::inRange(0, 4); count > 0; --count)
        found.insert(account());
    return {found.begin(), found.end()};
}

template <class Value>
Value one_of(const choices<Value>& words) {
    return words[*rc::gen::inRange<std::size_t>(0, words.size())].second;
}

template <class Number>
Number in(limits::range allowed) {
    return static_cast<Number>(*rc::gen::inRange<std::int64_t>(allowed.from, allowed.to + 1));
}

/// From 0 to `most`, with few digits or with all that a double has.
double share(double most) { return *rc::gen::element(0.0, 0.5, 0.1, 1e-7, 1.0 / 3.0, 1.0) * most; }

routing::daily_hours hours() {
    const std::vector<routing::day_window> possible{{0, 60}, {540, 720}, {1'320, 1'440}, {780, 781}};
    std::vector<routing::day_window> windows;
    for (const auto each : possible)
        if (*rc::gen::arbitrary<bool>()) windows.push_back(each);
    return routing::daily_hours{std::move(windows)};
}

void fill_numbers(routing::policy& rules) {
    rules.time_zone = *rc::gen::element<std::string>("Asia/Shanghai", "Europe/Berlin");
    rules.rating = one_of(service_ratings);
    rules.profile = one_of(contact_profiles);
    rules.mode = one_of(assignment_modes);
    rules.repeat_entry_min = in<std::uint32_t>(limits::repeat_entry_range_min);
    rules.direct_diversion = *rc::gen::arbitrary<bool>();
    rules.direct_grace_ms = in<std::int64_t>(limits::grace_range_ms);
    rules.default_cap = in<std::uint32_t>(limits::cap_range);
    rules.overwork_percent = in<std::uint32_t>(limits::overwork_range_percent);
    rules.queue_enabled = *rc::gen::arbitrary<bool>();
    rules.queue_limit = in<std::uint32_t>(limits::waiting_line_range);
    rules.wait_threshold_s = in<std::uint32_t>(limits::waited_range_s);
    rules.ageing_s = in<std::uint32_t>(limits::waited_range_s);
    rules.ageing_classes = in<std::uint32_t>(limits::ageing_range_classes);
    rules.overload = *rc::gen::arbitrary<bool>();
    rules.robot = one_of(robot_modes);
    rules.robot_share = share(1);
    rules.session_silence_ms = in<std::int64_t>(limits::session_silence_range_ms);
    rules.loss_grace_ms = in<std::int64_t>(limits::grace_range_ms);
    rules.slow_reply_s = in<std::uint32_t>(limits::waited_range_s);
    rules.after_sales_reply_s = in<std::uint32_t>(limits::waited_range_s);
}

void fill_groups(routing::policy& rules) {
    for (const auto& id : words()) {
        routing::group group{id, accounts(), words(), words(), words(), words(), words(), hours(), "", false, {}};
        if (!rules.groups.empty()) group.overflow = rules.groups[*rc::gen::inRange<std::size_t>(0, rules.groups.size())].id;
        group.robot = *rc::gen::arbitrary<bool>();
        group.strategy = one_of(pick_strategies);
        rules.groups.push_back(std::move(group));
    }
    if (rules.groups.empty()) return;
    rules.emergency_group = rules.groups.front().id;
    rules.after_sales_group = rules.groups.back().id;
}

void fill_windows(routing::policy& rules) {
    for (int count = *rc::gen::inRange(0, 3); count > 0; --count) {
        routing::time_window window{hours(), {}, {}, {}};
        if (*rc::gen::arbitrary<bool>()) window.mode = one_of(assignment_modes);
        if (*rc::gen::arbitrary<bool>()) window.robot = one_of(robot_modes);
        if (*rc::gen::arbitrary<bool>()) window.robot_share = share(1);
        rules.windows.push_back(std::move(window));
    }
}

routing::policy filled() {
    routing::policy rules;
    fill_numbers(rules);
    rules.handoff_words = words();
    rules.priority_crowds = words();
    rules.emergency_words = words();
    rules.offline = one_of(offline_policies);
    rules.proxy = account();
    fill_groups(rules);
    fill_windows(rules);
    for (const auto& each : accounts())
        rules.agents.push_back({each, share(limits::agent_weight), hours(), *rc::gen::arbitrary<bool>()});
    return rules;
}

} // namespace

rc::Gen<routing::policy> any_policy() { return rc::gen::exec(filled); }

} // namespace fenliu::apps::policy
