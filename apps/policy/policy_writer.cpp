#include "apps/policy/policy_writer.hpp"

#include <concepts>
#include <optional>
#include <vector>

#include "apps/policy/policy_words.hpp"
#include "apps/policy/toml_text.hpp"

namespace fenliu::apps::policy {

namespace {

/// Bytes of a list's items on one line; longer lists have a line for each item.
constexpr std::size_t list_line_bytes = 100;

std::string value_text(bool value) { return value ? "true" : "false"; }
std::string value_text(double value) { return toml_number(value); }
std::string value_text(const std::string& value) { return toml_text(value); }
template <class Number>
requires std::integral<Number> std::string value_text(Number value) { return std::to_string(value); }

std::string value_text(const std::vector<std::string>& items) {
    std::string line;
    for (const auto& each : items)
        line.append(line.empty() ? "" : ", ").append(toml_text(each));
    if (line.size() <= list_line_bytes) return "[" + line + "]";
    std::string lines = "[\n";
    for (const auto& each : items)
        lines.append("    ").append(toml_text(each)).append(",\n");
    return lines + "]";
}

std::string value_text(const routing::daily_hours& hours) {
    std::vector<std::string> windows;
    for (const auto each : hours.windows())
        windows.push_back(routing::to_text(each));
    return value_text(windows);
}

template <class Value>
std::string word_of(Value value, const choices<Value>& words) {
    for (const auto& [word, each] : words)
        if (each == value) return toml_text(word);
    return {};
}

/// One table: its header, unless that is empty, and the keys that are worth writing.
class section {
public:
    explicit section(std::string header)
        : header_(std::move(header)) {}

    template <class Value>
    void always(std::string_view key, const Value& value) {
        lines_.append(key).append(" = ").append(value_text(value)).append("\n");
    }
    template <class Value>
    void unless(const Value& usual, std::string_view key, const Value& value) {
        if (value != usual) always(key, value);
    }
    template <class Value>
    void always(std::string_view key, Value value, const choices<Value>& words) {
        lines_.append(key).append(" = ").append(word_of(value, words)).append("\n");
    }
    template <class Value>
    void unless(Value usual, std::string_view key, Value value, const choices<Value>& words) {
        if (value != usual) always(key, value, words);
    }

    /// Also without keys.
    void append_to(std::string& text) const {
        if (!header_.empty()) text.append("\n").append(header_).append("\n");
        text.append(lines_);
    }
    void append_to_if_any(std::string& text) const {
        if (!lines_.empty()) append_to(text);
    }

private:
    std::string header_, lines_;
};

const routing::policy usual;

void write_top(std::string_view shop, const routing::policy& rules, std::string& text) {
    section top("");
    top.always("shop", std::string(shop));
    top.unless(usual.time_zone, "time_zone", rules.time_zone);
    top.unless(usual.profile, "profile", rules.profile, contact_profiles);
    top.unless(usual.mode, "mode", rules.mode, assignment_modes);
    top.unless(usual.default_cap, "default_cap", rules.default_cap);
    top.unless(usual.overwork_percent, "overwork_percent", rules.overwork_percent);
    top.unless(usual.repeat_entry_min, "repeat_entry_min", rules.repeat_entry_min);
    top.unless(usual.direct_diversion, "direct_diversion", rules.direct_diversion);
    top.unless(usual.direct_grace_ms, "direct_grace_ms", rules.direct_grace_ms);
    top.unless(usual.session_silence_ms, "session_silence_ms", rules.session_silence_ms);
    top.unless(usual.loss_grace_ms, "loss_grace_ms", rules.loss_grace_ms);
    top.unless(usual.slow_reply_s, "slow_reply_s", rules.slow_reply_s);
    top.unless(usual.after_sales_reply_s, "after_sales_reply_s", rules.after_sales_reply_s);
    top.unless(usual.after_sales_group, "after_sales_group", rules.after_sales_group);
    top.append_to(text);
}

void write_sections(const routing::policy& rules, std::string& text) {
    section queue("[queue]"), robot("[robot]"), priority("[priority]"), emergency("[emergency]"), offline("[offline]");
    queue.unless(usual.queue_enabled, "enabled", rules.queue_enabled);
    queue.unless(usual.queue_limit, "limit", rules.queue_limit);
    queue.unless(usual.wait_threshold_s, "wait_threshold_s", rules.wait_threshold_s);
    queue.unless(usual.ageing_s, "ageing_s", rules.ageing_s);
    queue.unless(usual.ageing_classes, "ageing_classes", rules.ageing_classes);
    queue.unless(usual.overload, "overload", rules.overload);
    robot.unless(usual.robot, "mode", rules.robot, robot_modes);
    robot.unless(usual.robot_share, "share", rules.robot_share);
    robot.unless(usual.handoff_words, "handoff_words", rules.handoff_words);
    priority.unless(usual.rating, "rating", rules.rating, service_ratings);
    priority.unless(usual.priority_crowds, "crowds", rules.priority_crowds);
    emergency.unless(usual.emergency_words, "words", rules.emergency_words);
    emergency.unless(usual.emergency_group, "group", rules.emergency_group);
    offline.unless(usual.offline, "policy", rules.offline, offline_policies);
    offline.unless(usual.proxy, "proxy", rules.proxy);
    for (const auto* each : {&queue, &robot, &priority, &emergency, &offline})
        each->append_to_if_any(text);
}

void write_window(const routing::time_window& window, std::string& text) {
    section out("[[window]]");
    out.always("hours", window.hours);
    if (window.mode) out.always("mode", *window.mode, assignment_modes);
    if (window.robot) out.always("robot", *window.robot, robot_modes);
    if (window.robot_share) out.always("robot_share", *window.robot_share);
    out.append_to(text);
}

void write_group(const routing::group& group, std::string& text) {
    const routing::group plain;
    section out("[[group]]");
    out.always("id", group.id);
    out.always("members", group.members);
    out.unless(plain.crowds, "crowds", group.crowds);
    out.unless(plain.tags, "tags", group.tags);
    out.unless(plain.products, "products", group.products);
    out.unless(plain.keywords, "keywords", group.keywords);
    out.unless(plain.order_states, "order_states", group.order_states);
    out.unless(plain.hours, "hours", group.hours);
    out.unless(plain.overflow, "overflow", group.overflow);
    out.unless(plain.robot, "robot", group.robot);
    out.unless(plain.strategy, "strategy", group.strategy, pick_strategies);
    out.append_to(text);
}

void write_agent(const routing::agent_terms& agent, std::string& text) {
    const routing::agent_terms plain;
    section out("[[agent]]");
    out.always("account", agent.account);
    out.unless(plain.weight, "weight", agent.weight);
    out.unless(plain.shifts, "shifts", agent.shifts);
    out.unless(plain.senior, "senior", agent.senior);
    out.append_to(text);
}

} // namespace

std::string write_policy(std::string_view shop, const routing::policy& policy) {
    std::string text;
    write_top(shop, policy, text);
    write_sections(policy, text);
    for (const auto& each : policy.windows)
        write_window(each, text);
    for (const auto& each : policy.groups)
        write_group(each, text);
    for (const auto& each : policy.agents)
        write_agent(each, text);
    return text;
}

} // namespace fenliu::apps::policy
