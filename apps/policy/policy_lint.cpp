#include "apps/policy/policy_lint.hpp"

#include <algorithm>
#include <bitset>
#include <unordered_map>

#include "apps/policy/word_set.hpp"

namespace fenliu::apps::policy {

namespace {

constexpr std::size_t minutes_of_day = 24 * 60;
using minutes = std::bitset<minutes_of_day>;

minutes minutes_of(const routing::daily_hours& hours) {
    minutes set;
    for (std::uint16_t minute = 0; minute < minutes_of_day; ++minute)
        set[minute] = hours.contain(minute);
    return set;
}

bool within(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
    if (part.size() > whole.size()) return false;
    const word_set all(whole);
    return std::ranges::all_of(part, [&](const auto& each) { return all.contains(each); });
}

bool has_scope(const routing::group& group) {
    return !group.crowds.empty() || !group.tags.empty() || !group.products.empty() || !group.keywords.empty() ||
           !group.order_states.empty();
}

/// Whether every message in the scope of `part` is in that of `whole` and stays with it while dimension after dimension narrows.
bool scope_within(const routing::group& part, const routing::group& whole) {
    return within(part.crowds, whole.crowds) && within(part.tags, whole.tags) && within(part.products, whole.products) &&
           within(part.order_states, whole.order_states) && within(part.keywords, whole.keywords);
}

/// The value of a key, or one of its items if it is an array; null where there is none.
const toml::node* item_of(const toml::node* table, std::string_view key, std::size_t item) {
    const auto* settings = table != nullptr ? table->as_table() : nullptr;
    const toml::node* value = settings != nullptr ? settings->get(key) : nullptr;
    const auto* items = value != nullptr ? value->as_array() : nullptr;
    return items != nullptr && item < items->size() ? items->get(item) : value;
}

class linter {
public:
    linter(const toml::table& file, const routing::policy& policy)
        : file_(file)
        , policy_(policy) {
        for (const auto& each : policy_.groups)
            open_.push_back(minutes_of(each.hours));
    }

    findings run() {
        check_default_cap();
        check_words("robot", "handoff_words", policy_.handoff_words);
        check_words("emergency", "words", policy_.emergency_words);
        check_windows();
        check_duties();
        for (std::size_t at = 0; at < policy_.groups.size(); ++at) {
            check_reached(at);
            check_order(at);
            check_keywords(at);
            check_overflow(at);
        }
        sort(found_);
        return std::move(found_);
    }

private:
    void warn(const toml::node* where, std::string text) {
        const auto at = (where != nullptr ? *where : file_).source().begin;
        found_.push_back({at.line, at.column, std::move(text)});
    }
    [[nodiscard]] const toml::node* table_of(std::size_t group) const { return item_of(&file_, "group", group); }
    [[nodiscard]] static std::string named(const routing::group& group) { return "group " + in_quotes(group.id); }

    void check_default_cap() {
        if (policy_.default_cap > 0) return;
        warn(item_of(&file_, "default_cap", 0), "default_cap is 0: an account that has no other cap gets forwards only");
    }

    /// Words of one meaning: who writes a longer one writes the shorter one in it, too.
    void check_words(std::string_view section, std::string_view key, const std::vector<std::string>& words) {
        check_words(item_of(&file_, section, 0), key, words);
    }
    void check_words(const toml::node* table, std::string_view key, const std::vector<std::string>& words) {
        const word_set all(words);
        for (std::size_t at = 0; at < words.size(); ++at)
            if (const auto part = all.inside(words[at]))
                warn(item_of(table, key, at), in_quotes(words[at]) + " adds nothing: " + in_quotes(*part) + " is in it");
    }

    void check_windows() {
        minutes covered;
        for (std::size_t at = 0; at < policy_.windows.size(); ++at) {
            const auto own = minutes_of(policy_.windows[at].hours);
            if ((own & ~covered).none())
                warn(item_of(&file_, "window", at), "this window is never in force: earlier ones have its hours");
            covered |= own;
        }
    }

    /// Groups nobody serves: without members, or with members who are off duty whenever it is open.
    void check_duties() {
        std::unordered_map<std::string_view, minutes> shifts;
        for (const auto& each : policy_.agents)
            if (!each.shifts.empty()) shifts.emplace(each.account, minutes_of(each.shifts));
        for (std::size_t at = 0; at < policy_.groups.size(); ++at) {
            const auto& group = policy_.groups[at];
            const auto serves = [&](const std::string& member) {
                const auto duty = shifts.find(member);
                return duty == shifts.end() || (duty->second & open_[at]).any();
            };
            if (std::ranges::any_of(group.members, serves)) continue;
            warn(item_of(table_of(at), "members", group.members.size()),
                 "nobody serves " + named(group) +
                     (group.members.empty() ? ": it has no members" : ": the shifts of its members are outside its hours"));
        }
    }

    void check_reached(std::size_t at) {
        const auto& group = policy_.groups[at];
        const auto overflows_here = [&](const auto& other) { return other.overflow == group.id; };
        if (has_scope(group) || policy_.emergency_group == group.id || std::ranges::any_of(policy_.groups, overflows_here))
            return;
        warn(
            item_of(table_of(at), "id", 0),
            "no message leads to " + named(group) +
                ": it has no crowds, tags, products, keywords or order_states and is nobody's overflow, nor the emergency group; "
                "only a click, a forward or the return of a member's buyer does");
    }

    void check_order(std::size_t at) {
        const auto& group = policy_.groups[at];
        if (!has_scope(group)) return;
        for (std::size_t earlier = 0; earlier < at; ++earlier) {
            const auto& other = policy_.groups[earlier];
            if ((open_[at] & ~open_[earlier]).any() || !scope_within(group, other)) continue;
            return warn(item_of(table_of(at), "id", 0), named(group) + " is never chosen by its scope: " + in_quotes(other.id) +
                                                            " stands before it, serves all of that and is open whenever it is");
        }
    }

    void check_keywords(std::size_t at) {
        const auto& group = policy_.groups[at];
        check_words(table_of(at), "keywords", group.keywords);
        if (policy_.emergency_group.empty() || policy_.emergency_group == group.id) return;
        const auto target = std::ranges::find(policy_.groups, policy_.emergency_group, &routing::group::id);
        if ((open_[at] & ~open_[static_cast<std::size_t>(target - policy_.groups.begin())]).any()) return;
        const word_set emergencies(policy_.emergency_words);
        for (std::size_t item = 0; item < group.keywords.size(); ++item) {
            const auto& word = group.keywords[item];
            if (!emergencies.contains(word) && !emergencies.inside(word)) continue;
            warn(item_of(table_of(at), "keywords", item), in_quotes(word) +
                                                              " never leads here: it is an emergency, which goes to group " +
                                                              in_quotes(policy_.emergency_group));
        }
    }

    void check_overflow(std::size_t at) {
        const auto& group = policy_.groups[at];
        const auto target = std::ranges::find(policy_.groups, group.overflow, &routing::group::id);
        if (group.overflow.empty() || target == policy_.groups.end()) return;
        const auto* where = item_of(table_of(at), "overflow", 0);
        if ((open_[at] & open_[static_cast<std::size_t>(target - policy_.groups.begin())]).none())
            warn(where, "overflow " + in_quotes(group.overflow) + " is closed whenever " + in_quotes(group.id) + " is open");
        else if (!target->members.empty() && within(target->members, group.members))
            warn(where, "overflow " + in_quotes(group.overflow) + " can't help: all its members are in " + in_quotes(group.id) +
                            ", too");
    }

    const toml::table& file_;
    const routing::policy& policy_;
    std::vector<minutes> open_; ///< of each group
    findings found_;
};

} // namespace

findings lint(const toml::table& file, const routing::policy& policy) { return linter(file, policy).run(); }

} // namespace fenliu::apps::policy
