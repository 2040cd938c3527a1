// A policy made ready for deciding: its time zone found, its words in one matcher, its groups indexed by what they serve. Made
// on a worker, immutable, replaced whole; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "protocol/text_hash.hpp"
#include "routing/buyer.hpp"
#include "routing/policy.hpp"
#include "routing/shop_zone.hpp"
#include "routing/word_finder.hpp"

namespace fenliu::routing {

/// A group's place in policy order.
using group_index = std::uint32_t;

/// What a text says (step 2), found in one pass.
struct text_signs {
    bool handoff = false;                  ///< H
    bool emergency = false;                ///< X
    std::vector<group_index> keyword_hits; ///< groups with a keyword in it, ascending
};

class compiled_policy {
public:
    /// Throws std::runtime_error for what `policy check` would have named: an unknown time zone, words no matcher takes.
    explicit compiled_policy(policy rules);

    [[nodiscard]] const policy& rules() const noexcept { return rules_; }
    [[nodiscard]] const shop_zone& zone() const noexcept { return zone_; }

    /// What holds at this time, windows considered (R35).
    [[nodiscard]] assignment_mode mode_at(timestamp_ms now) const;
    [[nodiscard]] robot_mode robot_at(timestamp_ms now) const;
    [[nodiscard]] double robot_share_at(timestamp_ms now) const;
    [[nodiscard]] bool open(group_index group, timestamp_ms now) const;

    [[nodiscard]] text_signs read(std::string_view text) const;
    [[nodiscard]] std::optional<group_index> find_group(std::string_view id) const;
    /// Groups in whose crowd or tag scope the buyer is, ascending; crowds by present membership (R29).
    [[nodiscard]] std::vector<group_index> by_crowd_or_tag(const std::vector<crowd>& crowds,
                                                           const std::vector<std::string>& tags) const;
    [[nodiscard]] const std::vector<group_index>& by_product(std::string_view product) const;
    [[nodiscard]] const std::vector<group_index>& by_order_state(std::string_view state) const;
    /// Groups of which the account is a member, in policy order.
    [[nodiscard]] const std::vector<group_index>& by_member(std::string_view account) const;
    /// Weight and shifts of an account (R14, R30).
    [[nodiscard]] const agent_terms& terms_of(std::string_view account) const;
    /// Whether the account's rota has it on duty (R30); without one, always.
    [[nodiscard]] bool on_shift(std::string_view account, timestamp_ms now) const;
    [[nodiscard]] bool priority_crowd(std::string_view crowd) const;

private:
    template <class Value>
    using text_map = std::unordered_map<std::string, Value, protocol::text_hash, std::equal_to<>>;
    using group_lists = text_map<std::vector<group_index>>;
    /// Who is meant by a word of the matcher.
    struct word_use {
        bool handoff = false, emergency = false;
        std::vector<group_index> groups;
    };

    void index_words();
    void index_groups();
    [[nodiscard]] const time_window* window_at(timestamp_ms now) const;

    policy rules_;
    shop_zone zone_;
    word_finder words_;
    std::vector<word_use> word_uses_; ///< by number in words_
    group_lists by_crowd_, by_tag_, by_product_, by_order_state_, by_member_;
    text_map<group_index> by_id_;
    text_map<agent_terms> terms_;
};

} // namespace fenliu::routing
