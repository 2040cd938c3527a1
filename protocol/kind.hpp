// The kind numbers of the wire contract, by the name of their message.
#pragma once

#include <cstdint>

namespace fenliu::protocol {

enum class kind : std::uint32_t {
    hello = 1,
    welcome = 2,
    heartbeat = 3,
    ack = 4,
    bye = 5,
    error = 6,
    credit = 7,
    publish = 10,
    buyer_left = 11,
    rating = 12,
    order_event = 13,
    attach = 14,
    stored = 20,
    routed = 21,
    reply = 22,
    prompt = 23,
    queue_moved = 24,
    presence_change = 30,
    say = 31,
    forward = 32,
    close = 33,
    history_request = 34,
    pick = 35,
    note = 36,
    assigned = 40,
    unassigned = 41,
    buyer_line = 42,
    history_page = 43,
    result = 44,
    said = 45,
    alert = 46,
    admin_request = 50,
    admin_reply = 51,
};

/// The first kind that counts as data.
inline constexpr std::uint32_t first_data_kind = 10;

} // namespace fenliu::protocol
