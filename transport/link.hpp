// A link is one session of a peer as the rest of the broker sees it: a number. Transport owns the session behind it (its
// connection, counts, credit, outbox); actors name it when they send.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <zmq.hpp>

#include "protocol/message.hpp"
#include "protocol/token_claims.hpp"
#include "transport/lane_gate.hpp"

namespace fenliu::transport {

/// Unique within a run of the process, never reused; 0 is no link.
using link_id = std::uint64_t;

/// Who is behind a link, from hello and token; fixed for the session's life.
struct identity {
    protocol::role role = protocol::role::frontend;
    std::string shop;    ///< agents: always; frontends and admins: the only shop they may name, or empty for any
    std::string account; ///< agents only
    std::string device;
    bool robot = false;
    std::uint32_t messages_per_s = 0; ///< what its token allows this session; 0: no limit of its own
    protocol::grade grade = protocol::grade::frontend;
    std::string token_id;                  ///< of a signed token; empty without one
    std::string key;                       ///< CURVE public key of the client (Z85); empty: in clear
    std::string address;                   ///< where its connection came from, as addresses are counted; empty: not counted
    protocol::timestamp_ms expires_at = 0; ///< of the token; 0: never
    std::uint32_t connections = 0;         ///< live sessions the token allows; 0: no limit of its own
};

struct seen_position {
    std::string conversation;
    std::uint64_t seq = 0;
};

/// A new session asks to be admitted. Agents: to the lane of their shop, which answers with an `admission`. Frontends and
/// admins are admitted by transport and announced to every lane.
struct link_opened {
    link_id link = 0;
    std::shared_ptr<const identity> who;
    std::vector<seen_position> seen;
    bool seen_given = false;
};
struct link_lost { ///< the connection is gone; the session can still be resumed
    link_id link = 0;
};
struct link_resumed { ///< it is back; nothing was lost
    link_id link = 0;
};
struct link_full { ///< agents: the peer has half of what its outbox may hold to read yet
    link_id link = 0;
};
struct link_roomy { ///< after link_full: a quarter of it, or less
    link_id link = 0;
};
/// The session is over: bye, expiry, superseded, outbox overflow. Comes exactly once for each `link_opened` that was not refused
/// admission. What was received before it is still given back as `processed`.
struct link_closed {
    link_id link = 0;
};
struct received { ///< one data message; its views live as long as its drain
    link_id link = 0;
    std::uint64_t rx = 0; ///< its number in the session; given back in `processed`
    const identity* who = nullptr;
    protocol::message message;
    std::size_t bytes = 0; ///< its share of the frame, and what it takes to hold it
    std::string_view shop; ///< of a frontend's message: the shop whose turn it waits for; empty for what goes first
};
using event = std::variant<received, link_opened, link_lost, link_resumed, link_full, link_roomy, link_closed>;

/// The frames of one turn of the ROUTER thread.
using frame_list = std::shared_ptr<const std::vector<zmq::message_t>>;

/// What one turn brought for one lane, in order; keeps the frames that the views point into and the identities alive. Made by the
/// ROUTER thread, which changes nothing once part of it is in a batch.
struct drain {
    std::vector<event> events;
    frame_list frames;
    std::vector<std::shared_ptr<const identity>> identities;
};

/// What a lane is to handle next, in order: events where their drains keep them. Move-only. As long as it lives its events count
/// as in the lane's hand.
struct inbound_batch {
    std::vector<event*> events;
    std::vector<std::shared_ptr<drain>> drains;
    lane_receipt receipt;
};

} // namespace fenliu::transport
