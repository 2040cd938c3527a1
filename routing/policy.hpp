// A shop's rules as values (domain.md §2, defaults there). Read-only for a decision; `compiled_policy` prepares one for deciding,
// and the dispatcher replaces that whole, between two messages. Strings own their text: a policy outlives the file it was read
// from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/limits.hpp"
#include "routing/account.hpp"
#include "routing/daily_hours.hpp"
#include "routing/record.hpp"

namespace fenliu::routing {

/// How a recent contact is treated with age and suspension (step 5): both are settings of one rule.
enum class contact_profile : std::uint8_t { modern, seed };
/// Who gets a buyer when nobody is available (step 6).
enum class offline_policy : std::uint8_t { main, proxy, pool };
/// Whether agents are picked, or an admin or senior agent assigns (R31).
enum class assignment_mode : std::uint8_t { automatic, manual };
/// When a robot answers (steps 5, 6, 9, 11): before people; only when people can't; for a share of the buyers.
enum class robot_mode : std::uint8_t { off, first, human_first, ratio };
/// How one of several agents with room is picked: by credit (R14, R18, R33), or otherwise for a group.
enum class pick_strategy : std::uint8_t { credit, least_load, round_robin, longest_idle };

/// A skill group (R32, R37, R38): who serves which messages. A message is in its scope by crowd or tag, then product, then
/// keyword, then order state.
struct group {
    std::string id;
    std::vector<std::string> members; ///< accounts of the shop
    std::vector<std::string> crowds, tags, products;
    std::vector<std::string> keywords; ///< substrings of the text, case-sensitive
    std::vector<std::string> order_states;
    daily_hours hours;    ///< in the shop's time zone; empty: always
    std::string overflow; ///< another group's id, one hop; empty: the whole shop
    bool robot = false;   ///< a robot answers first (step 10)
    pick_strategy strategy = pick_strategy::credit;

    friend bool operator==(const group&, const group&) = default;
};

/// A part of the day with settings of its own (R35); what is absent is as in the rest of the day.
struct time_window {
    daily_hours hours;
    std::optional<assignment_mode> mode;
    std::optional<robot_mode> robot;
    std::optional<double> robot_share;

    friend bool operator==(const time_window&, const time_window&) = default;
};

/// What is set of one account besides its cap.
struct agent_terms {
    std::string account;
    double weight = 1;   ///< its part of new buyers against the others' (R14)
    daily_hours shifts;  ///< on duty, in the shop's time zone (R30); empty: always
    bool senior = false; ///< may change agents, groups and pins of its shop (R41)

    friend bool operator==(const agent_terms&, const agent_terms&) = default;
};

struct policy {
    std::string time_zone = "Asia/Shanghai";      ///< IANA name
    service_rating rating = service_rating::none; ///< as the platform last gave it
    contact_profile profile = contact_profile::modern;
    assignment_mode mode = assignment_mode::automatic;
    std::uint32_t repeat_entry_min = 0; ///< minutes after a session's end in which its agent's cap doesn't count; 0: off
    bool direct_diversion = false;      ///< a buyer who addresses an offline sub is diverted after direct_grace_ms (step 3)
    timestamp_ms direct_grace_ms = 120'000;
    std::uint32_t default_cap = routing::default_cap; ///< cap of an account made on first use
    std::uint32_t overwork_percent = 0; ///< of its cap: an agent with this load gets new buyers only when all have (R33); 0: off

    bool queue_enabled = true;
    std::uint32_t queue_limit = limits::waiting_line;
    std::uint32_t wait_threshold_s = 180; ///< waited so long: reassign or escalate (R39); 0: off
    std::uint32_t ageing_s = 0;           ///< waited so long, a buyer rises by one class, at most `ageing_classes`; 0: off
    std::uint32_t ageing_classes = 1;

    offline_policy offline = offline_policy::main;
    std::string proxy;     ///< account for offline_policy::proxy
    bool overload = false; ///< all full and queue off: give to the least loaded all the same

    robot_mode robot = robot_mode::off;
    double robot_share = 0;                                        ///< of the buyers, for robot_mode::ratio; 0…1
    std::vector<std::string> handoff_words{"人工", "human agent"}; ///< a buyer who writes one gets a person

    std::vector<std::string> priority_crowds; ///< at most limits::priority_crowds (R19, R21); empty: no priority
    std::vector<std::string> emergency_words{"退款", "投诉", "refund", "complaint"}; ///< R34, R37
    std::string emergency_group; ///< id; empty: emergencies are routed like others, but ahead in the line

    timestamp_ms session_silence_ms = 600'000; ///< an answered conversation ends after this silence
    timestamp_ms loss_grace_ms = 30'000;       ///< a lost agent keeps its conversations this long
    std::uint32_t slow_reply_s = 100;          ///< an unanswered buyer line is reported to its agent after this time; 0: off
    std::uint32_t after_sales_reply_s = 300;   ///< the same for after-sales conversations, to main too (R54); 0: off
    std::string after_sales_group;             ///< whose conversations those are; empty: the emergency group

    std::vector<time_window> windows; ///< the first that holds is in force
    std::vector<group> groups;        ///< in policy order
    std::vector<agent_terms> agents;

    [[nodiscard]] const group* find_group(std::string_view id) const noexcept {
        for (const auto& each : groups)
            if (each.id == id) return &each;
        return nullptr;
    }
    friend bool operator==(const policy&, const policy&) = default;
};

/// An account that configuration names; made at start-up or changed to this.
struct account_settings {
    std::string name;
    std::uint32_t cap = default_cap;
    bool participating = true;
};

/// A shop that configuration names.
struct shop_settings {
    std::string name;
    routing::policy policy;
    std::vector<account_settings> accounts;
};

} // namespace fenliu::routing
