// What peers ask, one function a message: finds the shop, the buyer, the conversation, checks who may, and hands on to the actor
// that owns the answer. Every one is answered. Lane's thread; called by the lane for each event.
#pragma once

#include "actors/lane.hpp"
#include "protocol/message.hpp"
#include "transport/link.hpp"

namespace fenliu::actors {

/// Who sent it.
struct peer {
    link_id link = 0;
    const transport::identity& who;
};

// frontends
void take(lane& host, const peer& from, const protocol::publish& message);
void take(lane& host, const peer& from, const protocol::buyer_left& message);
void take(lane& host, const peer& from, const protocol::rating& message);
void take(lane& host, const peer& from, const protocol::order_event& message);
void take(lane& host, const peer& from, const protocol::attach& message);
/// From now on the frontend session gets what concerns this buyer; the oldest of limits::buyer_links makes room.
follower& follow(buyer_entry& entry, link_id link, const lane& host);

// agents
void take(lane& host, const peer& from, const protocol::presence_change& message);
void take(lane& host, const peer& from, const protocol::say& message);
void take(lane& host, const peer& from, const protocol::forward& message);
void take(lane& host, const peer& from, const protocol::close& message);
void take(lane& host, const peer& from, const protocol::pick& message);
void take(lane& host, const peer& from, const protocol::note& message);
// agents and admins
void take(lane& host, const peer& from, const protocol::history_request& message);

} // namespace fenliu::actors
