// What is journaled of decisions, so that each can be explained and evaluated again: the decision itself as a compact trace, and
// everything that the dispatcher's roster is told. A roster that is set to the last `roster_noted` before a trace and then told
// what the log holds up to it stands as it stood when the decision was made. Strings are views, as in record.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "protocol/message.hpp"
#include "routing/reason.hpp"

namespace fenliu::routing {

using protocol::timestamp_ms;
/// A conversation's number, unique in a store and rising with time; its wire id is `to_id(number)`.
using conversation_number = std::uint64_t;

/// How a message came in: by the lit icon of a page, from the message box, or as a line of an ongoing chat.
enum class entry_kind : std::uint8_t { none, lit_icon, message_box };

enum class conversation_state : std::uint8_t { fresh, robot, queued, pooled, assigned, closed };

/// The platform's rating of the shop's service team; priority needs gold or silver (R20).
enum class service_rating : std::uint8_t { none, bronze, silver, gold };

enum class outcome : std::uint8_t {
    award,  ///< to an agent, on terms
    keep,   ///< the owner has it and keeps it
    queue,  ///< into the waiting line
    pool,   ///< into the offline pool
    robot,  ///< to a robot; with reason ROBOT_NO_AGENT into the offline pool, too
    hold,   ///< an addressed sub is offline and the shop diverts: decide again after the grace
    reject, ///< a forward that may not happen; a text says why
};

/// What was asked of the dispatcher.
enum class question : std::uint8_t {
    message, ///< who answers this buyer?
    wait,    ///< its agent didn't answer within the threshold (R39)
    forward, ///< may it go there (R8)?
    pick,    ///< an agent takes it from the pool
    assign,  ///< an admin or senior agent gives it to somebody (R31)
};

/// The first condition of a pick that an agent does not fulfil, in this order; `none`: it is a candidate.
enum class failing : std::uint8_t { none, robot, offline, suspended, participation, shift, room };
inline constexpr std::size_t failings = 7;
/// How many agents fail at which condition first.
using failing_counts = std::array<std::uint32_t, failings>;
/// `candidate`, `robot`, `offline`, `suspended`, `not_participating`, `off_shift`, `full`.
[[nodiscard]] std::string_view name(failing value) noexcept;

/// An agent as the dispatcher saw it when it chose; at most `traced_candidates` stand in a trace, best first.
struct traced_candidate {
    std::string_view account;
    double credit = 0;
    std::uint32_t load = 0, cap = 0;
    timestamp_ms idle_since = 0;
};
inline constexpr std::size_t traced_candidates = 3, traced_declines = 16;

/// A crowd a buyer is in, or was today, with the times of joining and leaving.
struct crowd_membership {
    std::string_view id;
    timestamp_ms since = 0;
    timestamp_ms until = 0; ///< left it then; 0: is in it (R21)
};

/// What a decision read of the buyer and the message; its text is the conversation's line `seq`.
struct traced_request {
    conversation_state state = conversation_state::fresh;
    entry_kind entry = entry_kind::none;
    bool from_seller = false, private_contact = false, member = false, grace_over = false, pinned = false, handed_off = false,
         recent_by_forward = false, new_today = false;
    std::string_view buyer, to, clicked_group, product, order_state, group, dedicated, owner, recent_account;
    timestamp_ms recent_at = 0, last_session_end = 0, last_prompt = 0, waiting_since = 0;
    std::uint8_t wait_class = 0;
    std::vector<std::string_view> tags;
    std::vector<crowd_membership> crowds;
};

/// One decision of a dispatcher, except those that left everything as it was (OPEN_SESSION).
struct decision_made {
    conversation_number number = 0;
    std::string_view shop;
    timestamp_ms at = 0;
    std::uint64_t seq = 0;       ///< the line whose text was read; 0: none
    std::string_view message_id; ///< of that line
    routing::question question = routing::question::message;
    std::uint32_t policy_version = 0;
    std::uint64_t seed = 0;
    service_rating rating = service_rating::none;
    std::uint64_t waiting = 0; ///< buyers in the line
    traced_request request;

    routing::outcome outcome = routing::outcome::queue;
    routing::reason reason = routing::reason::none;
    routing::causes causes;
    std::string_view agent;
    std::string_view group;  ///< whose members were the candidates; empty: the whole shop
    std::string_view wanted; ///< the group of the message
    std::string_view text;   ///< of a reject
    bool priority = false, emergency = false, handed_off = false, priority_failed = false, prompt = false;
    bool charged = false, counted = false; ///< the agent's credit paid for it; all others' gained (R14)
    failing_counts failing{};              ///< of the wanted group's members, or of the shop's
    std::vector<traced_candidate> candidates;
    std::vector<std::string_view> declined; ///< asked and declined before; at most `traced_declines`
};

/// What the roster is told of an agent, whole.
struct agent_reported {
    std::string_view shop, account;
    timestamp_ms at = 0;
    bool online = false, held = false, suspended = false, participating = true, robot = false, on_shift = true;
    std::uint32_t load = 0, cap = 0;
    timestamp_ms idle_since = 0;
};

struct noted_agent {
    std::string_view account;
    double credit = 0;
    bool online = false, held = false, suspended = false, participating = true, robot = false, on_shift = true;
    std::uint32_t load = 0, cap = 0;
    timestamp_ms idle_since = 0;
};
/// Agents and choices in one `roster_noted`: its fields stay below what a record may have (storage/record_tokens.hpp).
inline constexpr std::size_t noted_agents = 16, noted_choices = 64;

/// A part of the whole roster, from which it goes on; the parts of one follow each other.
struct roster_noted {
    std::string_view shop;
    timestamp_ms at = 0;
    std::uint32_t part = 1, parts = 1;
    double clock = 0; ///< the shop's virtual time
    std::vector<noted_agent> agents;
    std::vector<std::string_view> last_chosen; ///< group and account, in turns
};

} // namespace fenliu::routing
