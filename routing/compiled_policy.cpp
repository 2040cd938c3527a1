#include "routing/compiled_policy.hpp"

#include <algorithm>
#include <stdexcept>

namespace fenliu::routing {
namespace {

const std::vector<group_index> no_groups;
const agent_terms usual_terms;

template <class Map>
const std::vector<group_index>& list_of(const Map& lists, std::string_view key) {
    const auto found = lists.find(key);
    return found == lists.end() ? no_groups : found->second;
}

void sort_unique(std::vector<group_index>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

shop_zone zone_of(const std::string& name) {
    const auto found = shop_zone::find(name);
    if (!found) throw std::runtime_error{"there is no time zone " + name};
    return *found;
}

} // namespace

compiled_policy::compiled_policy(policy rules)
    : rules_{std::move(rules)}
    , zone_{zone_of(rules_.time_zone)} {
    index_words();
    index_groups();
    for (const auto& each : rules_.agents)
        terms_.try_emplace(each.account, each);
}

void compiled_policy::index_words() {
    std::vector<std::string> words;
    text_map<std::size_t> numbers;
    const auto use_of = [&](const std::string& word) -> word_use& {
        const auto [at, added] = numbers.try_emplace(word, words.size());
        if (added) {
            words.push_back(word);
            word_uses_.emplace_back();
        }
        return word_uses_[at->second];
    };
    for (const auto& each : rules_.handoff_words)
        use_of(each).handoff = true;
    for (const auto& each : rules_.emergency_words)
        use_of(each).emergency = true;
    for (group_index at = 0; at < rules_.groups.size(); ++at)
        for (const auto& each : rules_.groups[at].keywords)
            use_of(each).groups.push_back(at);
    words_ = word_finder{words};
}

void compiled_policy::index_groups() {
    for (group_index at = 0; at < rules_.groups.size(); ++at) {
        const auto& each = rules_.groups[at];
        by_id_.try_emplace(each.id, at);
        const auto add = [at](group_lists& lists, const std::vector<std::string>& keys) {
            for (const auto& key : keys)
                if (auto& list = lists[key]; list.empty() || list.back() != at) list.push_back(at);
        };
        add(by_crowd_, each.crowds);
        add(by_tag_, each.tags);
        add(by_product_, each.products);
        add(by_order_state_, each.order_states);
        add(by_member_, each.members);
    }
}

const time_window* compiled_policy::window_at(timestamp_ms now) const {
    if (rules_.windows.empty()) return nullptr;
    const auto minute = zone_.minute_of_day(now);
    const auto found = std::ranges::find_if(rules_.windows, [&](const auto& each) { return each.hours.contain(minute); });
    return found == rules_.windows.end() ? nullptr : &*found;
}

assignment_mode compiled_policy::mode_at(timestamp_ms now) const {
    const auto* window = window_at(now);
    return window != nullptr ? window->mode.value_or(rules_.mode) : rules_.mode;
}

robot_mode compiled_policy::robot_at(timestamp_ms now) const {
    const auto* window = window_at(now);
    return window != nullptr ? window->robot.value_or(rules_.robot) : rules_.robot;
}

double compiled_policy::robot_share_at(timestamp_ms now) const {
    const auto* window = window_at(now);
    return window != nullptr ? window->robot_share.value_or(rules_.robot_share) : rules_.robot_share;
}

bool compiled_policy::open(group_index group, timestamp_ms now) const {
    const auto& hours = rules_.groups[group].hours;
    return hours.empty() || hours.contain(zone_.minute_of_day(now));
}

text_signs compiled_policy::read(std::string_view text) const {
    text_signs signs;
    for (const auto number : words_.find(text)) {
        const auto& use = word_uses_[number];
        signs.handoff |= use.handoff;
        signs.emergency |= use.emergency;
        signs.keyword_hits.insert(signs.keyword_hits.end(), use.groups.begin(), use.groups.end());
    }
    sort_unique(signs.keyword_hits);
    return signs;
}

std::optional<group_index> compiled_policy::find_group(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<group_index> compiled_policy::by_crowd_or_tag(const std::vector<crowd>& crowds,
                                                          const std::vector<std::string>& tags) const {
    std::vector<group_index> all;
    const auto add = [&](const std::vector<group_index>& list) { all.insert(all.end(), list.begin(), list.end()); };
    for (const auto& each : crowds)
        if (each.until == 0) add(list_of(by_crowd_, each.id));
    for (const auto& each : tags)
        add(list_of(by_tag_, each));
    sort_unique(all);
    return all;
}

const std::vector<group_index>& compiled_policy::by_product(std::string_view product) const {
    return list_of(by_product_, product);
}

const std::vector<group_index>& compiled_policy::by_order_state(std::string_view state) const {
    return list_of(by_order_state_, state);
}

const std::vector<group_index>& compiled_policy::by_member(std::string_view account) const {
    return list_of(by_member_, account);
}

const agent_terms& compiled_policy::terms_of(std::string_view account) const {
    const auto found = terms_.find(account);
    return found == terms_.end() ? usual_terms : found->second;
}

bool compiled_policy::on_shift(std::string_view account, timestamp_ms now) const {
    const auto& shifts = terms_of(account).shifts;
    return shifts.empty() || shifts.contain(zone_.minute_of_day(now));
}

bool compiled_policy::priority_crowd(std::string_view crowd) const {
    return std::ranges::find(rules_.priority_crowds, crowd) != rules_.priority_crowds.end();
}

} // namespace fenliu::routing
