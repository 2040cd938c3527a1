// The messages of the wire contract as values, one struct a kind, fields in wire order. Strings are views: a decoded message
// is valid as long as the frame it came from, an encoded one copies what it is given. Field rules and limits: PROTOCOL.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/error.hpp"

namespace fenliu::protocol {

/// Milliseconds since the Unix epoch, UTC.
using timestamp_ms = std::int64_t;

enum class role : std::uint8_t { frontend, agent, admin };
enum class presence : std::uint8_t { offline, online, invisible, suspended };
enum class order_status : std::uint8_t { placed, paid, refund };
enum class history_scope : std::uint8_t { own, all, exists };

[[nodiscard]] std::string_view name(role value) noexcept;
[[nodiscard]] std::string_view name(presence value) noexcept;
[[nodiscard]] std::string_view name(order_status value) noexcept;
[[nodiscard]] std::string_view name(history_scope value) noexcept;
[[nodiscard]] std::optional<role> role_of(std::string_view name) noexcept;
[[nodiscard]] std::optional<presence> presence_of(std::string_view name) noexcept;
[[nodiscard]] std::optional<order_status> order_status_of(std::string_view name) noexcept;
[[nodiscard]] std::optional<history_scope> history_scope_of(std::string_view name) noexcept;

// --- session -------------------------------------------------------------------------------------------------------------

struct position { ///< a place in a conversation, as in hello's `seen`
    std::string_view conversation;
    std::uint64_t seq = 0;
};

struct hello { // 1
    std::uint32_t version = 0;
    protocol::role role = role::frontend;
    std::string_view token;
    std::string_view shop;
    std::string_view account;
    std::string_view device;
    bool robot = false;
    std::string_view resume_session; ///< empty: a new session
    std::uint64_t resume_rx = 0;     ///< the peer's data messages this side has processed
    std::vector<position> seen;
};
struct welcome { // 2
    std::string_view session;
    std::uint64_t rx = 0;
    bool resumed = false;
    std::uint32_t heartbeat_ms = 0;
    std::uint32_t window = 0;
    std::uint32_t max_frame = 0;
    std::uint32_t expiry_ms = 0;
    std::string_view server;
};
struct heartbeat {}; // 3
struct ack {         // 4
    std::uint64_t rx = 0;
};
struct bye {               // 5
    std::string_view code; ///< an error code's name, or `DRAINED`, `SHUTTING_DOWN`
};
struct error { // 6
    std::string_view code;
    bool retryable = false;
    std::uint32_t retry_after_ms = 0;
    std::optional<std::string_view> ref; ///< nil: not about one message, and not counted as data
    std::string_view text;
};
struct credit { // 7
    std::uint32_t window = 0;
};

// --- frontend ------------------------------------------------------------------------------------------------------------

struct publish { // 10
    std::string_view msg_id, shop, buyer, text;
    std::string_view to, entry, page, group, product, order;
    std::vector<std::string_view> tags;
    std::string_view region, level;
    std::optional<std::vector<std::string_view>> crowds; ///< the full current set; nothing = unchanged
    std::string_view lang;
};
struct buyer_left { // 11
    std::string_view shop, buyer, request_id;
};
struct rating { // 12
    std::string_view shop, buyer;
    std::uint32_t score = 0;
    std::string_view request_id;
};
struct order_event { // 13
    std::string_view shop, buyer, order_id;
    order_status status = order_status::placed;
    std::int64_t amount_cents = 0;
    std::string_view request_id;
};
struct attach { // 14
    std::string_view shop, buyer, conversation;
    std::uint64_t seq = 0;
};
struct stored { // 20
    std::string_view msg_id, conversation;
    std::uint64_t seq = 0;
    bool duplicate = false;
};
struct routed { // 21
    std::string_view shop, buyer, conversation, reason, agent;
    std::vector<std::string_view> causes;
    std::uint32_t position = 0; ///< 0: not in the line
    std::uint32_t eta_s = 0;
};
struct reply { // 22
    std::string_view shop, buyer, conversation;
    std::uint64_t seq = 0;
    std::string_view from, text;
    timestamp_ms ts = 0;
};
struct prompt { // 23
    std::string_view shop, buyer, title, body;
};
struct queue_moved { // 24
    std::string_view shop, buyer;
    std::uint32_t position = 0, eta_s = 0;
};

// --- agent ---------------------------------------------------------------------------------------------------------------

struct presence_change { // 30
    presence state = presence::offline;
    std::string_view request_id;
};
struct say { // 31
    std::string_view msg_id, conversation;
    std::uint64_t epoch = 0;
    std::string_view text;
};
struct forward { // 32
    std::string_view request_id, conversation;
    std::uint64_t epoch = 0;
    std::string_view to, note;
};
struct close { // 33
    std::string_view request_id, conversation;
    std::uint64_t epoch = 0;
};
struct history_request { // 34
    std::string_view request_id, buyer, cursor;
    std::uint32_t limit = 0;
    history_scope scope = history_scope::own;
};
struct pick { // 35
    std::string_view request_id, conversation;
};
struct note { // 36
    std::string_view request_id, conversation, flag, text;
};
struct tail_line {
    std::uint64_t seq = 0;
    std::string_view from, text;
    timestamp_ms ts = 0;
};
struct assigned { // 40
    std::string_view conversation;
    std::uint64_t epoch = 0;
    std::string_view buyer, reason;
    std::vector<std::string_view> causes, tags;
    bool returning = false;
    std::uint64_t waited_ms = 0;
    std::vector<tail_line> tail;
};
struct unassigned { // 41
    std::string_view conversation;
    std::uint64_t epoch = 0;
    std::string_view cause;
};
struct buyer_line { // 42
    std::string_view conversation;
    std::uint64_t seq = 0;
    std::string_view buyer, text;
    timestamp_ms ts = 0;
};
struct history_line {
    std::string_view conversation;
    std::uint64_t seq = 0;
    std::string_view from, text;
    timestamp_ms ts = 0;
};
struct colleague_record { ///< a row of scope `exists`
    std::string_view account;
    std::uint64_t conversations = 0;
    timestamp_ms last_ts = 0;
};
struct history_page { // 43
    std::string_view request_id;
    std::variant<std::vector<history_line>, std::vector<colleague_record>> rows;
    std::string_view cursor; ///< empty (nil on the wire): no older page
};
struct result { // 44
    std::string_view request_id, code, detail;
};
struct said { // 45
    std::string_view msg_id, conversation;
    std::uint64_t seq = 0;
    bool duplicate = false;
};
struct alert { // 46
    std::string_view conversation, kind;
    timestamp_ms since = 0;
};

// --- admin ---------------------------------------------------------------------------------------------------------------

struct admin_request { // 50
    std::string_view request_id, verb;
    std::string_view body; ///< one whole msgpack map, as bytes
};
struct admin_reply { // 51
    std::string_view request_id, code;
    std::string_view body; ///< one whole msgpack map, as bytes
};

// --- what a decoder may meet ---------------------------------------------------------------------------------------------

/// A whole object that is no acceptable message: an unknown kind, a wrong type, a field over its limit. It counts as data when
/// its kind is 10 or more (or unreadable), and is answered by an error.
struct rejected {
    std::uint32_t kind = 0;              ///< 0: the kind itself was unreadable
    errc code = errc::malformed;         ///< unsupported_version for an unknown kind
    std::optional<std::string_view> ref; ///< the msg_id or request_id, where it could be read
    const char* what = "";               ///< the field, e.g. "publish.text"
};

using message =
    std::variant<hello, welcome, heartbeat, ack, bye, error, credit, publish, buyer_left, rating, order_event, attach, stored,
                 routed, reply, prompt, queue_moved, presence_change, say, forward, close, history_request, pick, note, assigned,
                 unassigned, buyer_line, history_page, result, said, alert, admin_request, admin_reply, rejected>;

/// The kind number of a message on the wire.
[[nodiscard]] std::uint32_t kind_of(const message& value) noexcept;
/// Whether the message counts for acks and credit: kinds from 10 up, and every error with a ref.
[[nodiscard]] bool is_data(const message& value) noexcept;
/// The msg_id or request_id a message carries: what an answer to a request names, and what an answer answers. Nothing where its
/// kind has none.
[[nodiscard]] std::optional<std::string_view> ref_of(const message& value) noexcept;

} // namespace fenliu::protocol
