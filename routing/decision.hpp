// The decision procedure of domain.md §2: one buyer, the policy in force, the agents as reported → who answers, and why. A pure
// function; each step is a function of its own, found by its number. Steps 2 and 7–9 (priority, dedicated, robots) have
// their place and no rules yet.
#pragma once

#include <cstdint>
#include <string>

#include "routing/policy.hpp"
#include "routing/reason.hpp"
#include "routing/record.hpp"
#include "routing/roster.hpp"

namespace fenliu::routing {

/// Everything about the buyer and the message that a decision reads. The session makes it; strings are owned because it waits
/// for its turn at the dispatcher.
struct route_request {
    conversation_number number = 0;
    std::string buyer;
    std::string to;    ///< addressed account; the shop, main or empty: nobody in particular
    std::string group; ///< forward to a group: its id
    bool pick = false; ///< `to` takes it for itself from the offline pool
    bool private_contact = false;
    bool grace_over = false; ///< the wait for an addressed offline sub is over (step 3)
    conversation_state state = conversation_state::fresh;
    std::string owner; ///< of the open conversation
    bool pinned = false;
    std::string recent_account; ///< recent contact, empty: none
    timestamp_ms recent_at = 0;
    bool recent_by_forward = false;
    timestamp_ms last_session_end = 0;
    bool new_today = true; ///< not yet counted today, in the shop's day (R14)
    timestamp_ms waiting_since = 0;
    std::uint8_t wait_class = 0;
};

/// What the chosen account has to fulfil at the moment of the award; it checks its own live state (`reserve`).
struct terms {
    bool online = false; ///< `held` doesn't count
    bool unsuspended = false;
    bool participating = false;
    bool room = false;
};

enum class outcome : std::uint8_t {
    award,  ///< to `agent`, on `terms`
    keep,   ///< the owner has it and keeps it
    queue,  ///< into the waiting line
    pool,   ///< into the offline pool
    hold,   ///< an addressed sub is offline and the shop diverts: decide again after the grace
    reject, ///< a forward that may not happen; `text` says why
};

struct verdict {
    routing::outcome outcome = routing::outcome::queue;
    routing::reason reason = routing::reason::none;
    routing::causes causes;
    std::string agent;
    routing::terms terms;
    std::string preferred; ///< for the line: the recent contact that was full
    std::string text;      ///< for reject
};

/// Routes a buyer's message. `waiting` = buyers in the line now.
[[nodiscard]] verdict decide(const policy& policy, const roster& agents, std::string_view shop, std::size_t waiting,
                             const route_request& request, timestamp_ms now);

/// Where a forward goes (R8): `to` an account (online ∧ ¬suspended) or, with `group` set, by the pick among its avail ∧ room.
/// With `pick` set the account takes it for itself and needs room, too.
[[nodiscard]] verdict decide_forward(const policy& policy, const roster& agents, const route_request& request);

} // namespace fenliu::routing
