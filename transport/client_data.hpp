// What a client is behind its interface: a socket, the session on it, and when it wants to be looked at. The client's thread.
#pragma once

#include <memory>
#include <string>

#include <zmq.hpp>

#include "transport/client.hpp"
#include "transport/client_session.hpp"
#include "transport/instant.hpp"

namespace fenliu::transport {

class client_set;

struct client::data {
    data(const client_options& options, client_events events);
    ~data();
    data(const data&) = delete;
    data& operator=(const data&) = delete;

    void leave_set() noexcept;
    void connect();
    /// Has something done in the next round.
    void attend();
    /// Whether a round is due, if there is nothing new at the descriptor.
    [[nodiscard]] bool due(instant now) const noexcept { return attention || now >= wake; }
    /// Receives, sees to time, sends. Whether anything came or changed.
    bool round();
    bool receive(instant now);
    void flush(instant now);
    void watch_connection();
    /// Whether another round has something to do at once.
    [[nodiscard]] bool ready();

    std::string url;
    std::shared_ptr<zmq::context_t> context;
    zmq::socket_t socket;
    client_session session;
    std::string frame;
    int descriptor = -1;
    bool attention = true;   // something is to be done in the next round
    instant wake;            // and so it is from then on
    instant looked_at;       // by the last round
    bool unwritable = false; // the connection was down, or full, when last looked at
    bool blocked = false;    // it did not take the last frame

    client_set* set = nullptr; // that it is in
    instant set_wakes;         // when the set looks at it at the latest
    bool listed = false;       // the set gives it a round as soon as it can
};

/// Sleeps until the descriptor is readable, at most so long; a signal ends it.
void wait_for(int descriptor, std::chrono::nanoseconds time) noexcept;

} // namespace fenliu::transport
