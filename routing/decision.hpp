// The decision procedure of domain.md §2: one buyer, the policy in force, the agents as reported → who answers, and why. A pure
// function; each step is a function of its own, found by its number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routing/compiled_policy.hpp"
#include "routing/prompt.hpp"
#include "routing/reason.hpp"
#include "routing/record.hpp"
#include "routing/roster.hpp"

namespace fenliu::routing {

/// Everything about the buyer and the message that a decision reads. The session makes it; strings are owned because it waits
/// for its turn at the dispatcher.
struct route_request {
    conversation_number number = 0;
    std::string buyer;
    bool from_seller = false; ///< the buyer is an account of the shop (R16)
    std::string to;           ///< addressed account; the shop, main or empty: nobody in particular
    std::string text;         ///< of the message
    std::uint64_t seq = 0;    ///< of that line; 0: none
    std::string message_id;   ///< the frontend's name of that line
    entry_kind entry = entry_kind::none;
    std::string clicked_group, product, order_state;
    std::string order; ///< that the message is about; empty: the buyer's last
    std::string group; ///< forward to a group: its id
    bool private_contact = false;
    bool member = false;
    std::string dedicated;         ///< account, empty: none
    std::vector<std::string> tags; ///< the buyer's and the message's
    std::vector<crowd> crowds;
    bool grace_over = false; ///< the wait for an addressed offline sub is over (step 3)
    conversation_state state = conversation_state::fresh;
    std::string owner; ///< of the open conversation
    bool pinned = false;
    bool handed_off = false;    ///< the buyer left the robot of this conversation: no robot any more
    std::string recent_account; ///< recent contact, empty: none
    timestamp_ms recent_at = 0;
    bool recent_by_forward = false;
    timestamp_ms last_session_end = 0;
    timestamp_ms last_prompt = 0; ///< 0: never
    bool new_today = true;        ///< not yet counted today, in the shop's day (R14)
    timestamp_ms waiting_since = 0;
    std::uint8_t wait_class = 0;
};

/// What the shop itself adds to a decision.
struct shop_state {
    std::string_view name;
    service_rating rating = service_rating::none; ///< in force now (R20)
    std::size_t waiting = 0;                      ///< buyers in the line now
};

/// What the chosen account has to fulfil at the moment of the award; it checks its own live state (`reserve`).
struct terms {
    bool online = false; ///< `held` doesn't count
    bool unsuspended = false;
    bool participating = false;
    bool room = false;
};

struct verdict {
    routing::outcome outcome = routing::outcome::queue;
    routing::reason reason = routing::reason::none;
    routing::causes causes;
    std::string agent;
    routing::terms terms;
    std::string preferred;             ///< for the line: the recent contact that was full
    std::string text;                  ///< for reject
    std::optional<group_index> group;  ///< the candidates were this group's (step 10), not the whole shop
    std::optional<group_index> wanted; ///< the group of the message (step 6)
    bool priority = false;             ///< P
    bool emergency = false;            ///< X
    bool handed_off = false;           ///< from here on no robot answers in this conversation
    bool priority_failed = false;      ///< P, but nobody was available (R27): the one word of `also`
    std::optional<priority_prompt> prompt;
};

/// Classes of the waiting line, higher first (step 11).
enum class wait_class : std::uint8_t { usual = 0, priority = 1, emergency = 2 };

/// The class in which a buyer with this verdict waits.
[[nodiscard]] wait_class class_of(const verdict& made) noexcept;

/// Routes a buyer's message. `seed` chooses the share of buyers that a robot gets in ratio mode; same seed, same outcome.
[[nodiscard]] verdict decide(const compiled_policy& policy, const roster& agents, const shop_state& shop,
                             const route_request& request, timestamp_ms now, std::uint64_t seed = 0);

/// Who takes over a buyer whose agent didn't answer (R39): the best of the others that are avail ∧ room, WAIT_REASSIGN; without
/// one it stays, WAIT_ESCALATE.
[[nodiscard]] verdict decide_wait(const roster& agents, const route_request& request);

/// Where a forward goes (R8): `to` an account (online ∧ ¬suspended) or, with `group` set, by the pick among its avail ∧ room.
/// Who picks for itself needs room, too; an assignment by an admin or senior agent (R31) is MANUAL_ASSIGN.
[[nodiscard]] verdict decide_forward(const compiled_policy& policy, const roster& agents, question asked,
                                     const route_request& request);

} // namespace fenliu::routing
