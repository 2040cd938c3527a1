// The facts that are journaled, one struct each: what happened, never what to do. All state that must survive is a fold over
// them (conversation.hpp, buyer.hpp, account.hpp); the actors apply each record once it is decided, start-up and the archive
// apply the same functions to what they read. Strings are views, valid as long as the bytes they were read or made from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/message.hpp"
#include "routing/decision_record.hpp"
#include "routing/reason.hpp"

namespace fenliu::routing {

enum class side : std::uint8_t { buyer, agent, robot, system };

[[nodiscard]] std::string_view name(conversation_state value) noexcept; ///< "new", "robot", "queued", …
[[nodiscard]] std::string_view name(side value) noexcept;

struct shop_made {
    std::string_view shop;
    timestamp_ms at = 0;
};

/// The whole durable state of an account after a change; also its making. `online` is only for the record of times: it is not
/// restored at start-up, `suspended` is (R5).
struct account_set {
    std::string_view shop, account;
    timestamp_ms at = 0;
    std::uint32_t cap = 0;
    bool participating = true;
    bool suspended = false;
    bool robot = false;
    protocol::presence presence = protocol::presence::offline;
    double credit = 0;   ///< credit at this moment (R14); 0 for a new account
    std::string_view by; ///< account, `admin`, `config` or `fenliu`
};

struct conversation_opened {
    conversation_number number = 0;
    std::string_view shop, buyer;
    timestamp_ms at = 0;
    std::vector<std::string_view> tags;
    std::string_view lang;
    bool returning = false; ///< the buyer had a conversation with this shop before
};

struct line_added {
    conversation_number number = 0;
    std::uint64_t seq = 0; ///< 1…n in its conversation, without a gap
    timestamp_ms at = 0;
    routing::side side = routing::side::buyer;
    std::string_view from, msg_id, text;
};

/// One change of the conversation's place: an award, a forward, entering the line or the pool. Never zero or two owners.
struct place_changed {
    conversation_number number = 0;
    std::uint64_t epoch = 0; ///< rises by 1 with every change of owner, else unchanged
    timestamp_ms at = 0;
    conversation_state state = conversation_state::fresh;
    std::string_view owner; ///< empty unless assigned or robot
    routing::reason reason = routing::reason::none;
    routing::causes causes;
    bool contact = false;           ///< sets the buyer's recent contact (R13)
    bool forwarded = false;         ///< by a forward (R8)
    std::string_view by, note;      ///< who forwarded or assigned, with what words
    timestamp_ms waiting_since = 0; ///< since when the buyer waits for a human; 0: doesn't
    std::uint8_t wait_class = 0;    ///< class in the line, higher first
    double credit_clock = 0;        ///< the shop's virtual time after this award
    double credit = 0;              ///< the receiver's credit after this award
    bool counted = false;           ///< newly counted for fairness (R14)
};

struct conversation_closed {
    conversation_number number = 0;
    timestamp_ms at = 0;
    std::string_view cause; ///< `agent`, `buyer_left`, `silence`, `admin`, `erased`
};

/// What the shop knows of a buyer, whole, after a change.
struct buyer_set {
    std::string_view shop, buyer;
    timestamp_ms at = 0;
    bool member = false;
    bool private_contact = false;
    std::string_view dedicated;
    std::vector<std::string_view> tags;
    std::vector<crowd_membership> crowds;
};

struct prompt_sent {
    std::string_view shop, buyer;
    timestamp_ms at = 0;
};

struct note_added {
    conversation_number number = 0;
    timestamp_ms at = 0;
    std::string_view by, request_id, flag, text;
};

struct conversation_rated {
    conversation_number number = 0;
    timestamp_ms at = 0;
    std::string_view agent; ///< the last agent of the conversation
    std::uint32_t score = 0;
};

struct order_changed {
    std::string_view shop, buyer;
    timestamp_ms at = 0;
    std::string_view order_id;
    protocol::order_status status = protocol::order_status::placed;
    std::int64_t amount_cents = 0;
    std::string_view agent; ///< the last agent before it; empty if none
};

/// A piece of a policy's text that is longer than a record; the `policy_set` that follows at once has the last one.
struct policy_part {
    std::string_view shop, text;
};

/// A policy comes into force.
struct policy_set {
    std::string_view shop;
    std::uint32_t version = 0; ///< 1…n of the shop
    timestamp_ms at = 0;
    std::string_view by;     ///< account, `admin` or `configuration`
    std::string_view source; ///< `configuration`, `put`, `rollback`, `agent.set`
    std::string_view note, text;
};

/// The platform's rating of the shop's service team changes (R20).
struct rating_set {
    std::string_view shop;
    timestamp_ms at = 0;
    std::string_view by;
    service_rating rating = service_rating::none;
    timestamp_ms from = 0; ///< in force from then on
};

/// An admin or a senior agent did something that changes how the shop is served.
struct admin_acted {
    std::string_view shop;
    timestamp_ms at = 0;
    std::string_view by, verb, detail;
};

/// Everything about a buyer is gone: conversations, traits, orders. No later record names what this one removed.
struct buyer_erased {
    std::string_view shop, buyer;
    timestamp_ms at = 0;
    std::string_view by;
};

/// The shop's conversations and orders that ended before `before` are gone, and buyers who were quiet since.
struct history_pruned {
    std::string_view shop;
    timestamp_ms at = 0;
    std::string_view by;
    timestamp_ms before = 0;
};

/// A signed token is of no use any more: it opens no session and ends those it has opened.
struct token_revoked {
    std::string_view id;
    timestamp_ms at = 0;
    std::string_view by;
    timestamp_ms expires_at = 0; ///< when it ends anyway and may be forgotten; 0: not known
};

using record = std::variant<shop_made, account_set, conversation_opened, line_added, place_changed, conversation_closed,
                            buyer_set, prompt_sent, note_added, conversation_rated, order_changed, decision_made, agent_reported,
                            roster_noted, policy_part, policy_set, rating_set, admin_acted, token_revoked, buyer_erased,
                            history_pruned>;

/// The wire id of a conversation: `c` and 13 characters of Crockford's base 32, in which order of text is order of number.
[[nodiscard]] std::string to_id(conversation_number number);
/// The number of a wire id, or 0 for anything else.
[[nodiscard]] conversation_number from_id(std::string_view id) noexcept;

} // namespace fenliu::routing
