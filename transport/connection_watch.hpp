// The descriptors behind a socket's connections, from libzmq's monitor events: tells at once when one is gone, and closes those
// that start no session (the feed: subscribe to nothing) in time or have to be cut, which the socket itself cannot. Owned by the
// router and the feed; ROUTER thread.
//
// libzmq owns the descriptors: one that it closed may belong to another connection before its event is read. The worst that
// comes of it is that a healthy peer has to connect again and resume.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <zmq.hpp>

#include "transport/instant.hpp"
#include "transport/session.hpp"

namespace fenliu::transport {

class connection_watch {
public:
    /// `endpoint` is a name of its own within the context, `inproc://…`.
    connection_watch(zmq::context_t& context, zmq::socket_t& watched, const char* endpoint,
                     std::chrono::milliseconds hello_timeout);
    ~connection_watch();
    connection_watch(const connection_watch&) = delete;
    connection_watch& operator=(const connection_watch&) = delete;

    /// Ends the events; before the watched socket is closed. Idempotent.
    void stop() noexcept;
    /// Reads the events that wait and appends the connections that are gone.
    void read(std::vector<connection_id>& gone, instant now);
    /// The connection with that descriptor serves a session.
    void serve(connection_id connection, int fd);
    /// The connection serves no session any more; it has the hello timeout to start one.
    void idle(connection_id connection, instant now);
    void cut(connection_id connection) noexcept;
    /// Cuts the connections that started no session in time.
    void cut_silent(instant now);
    [[nodiscard]] std::optional<instant> wake_at() const noexcept;
    [[nodiscard]] zmq::socket_t& events() noexcept { return events_; }

private:
    struct peer {
        connection_id connection = 0; ///< 0: has not served a session yet
        bool serving = false;
        instant since; ///< without a session since then
    };
    struct waiting {
        int fd = -1;
        instant since;
    };

    void accepted(int fd, instant now);
    void disconnected(int fd, std::vector<connection_id>& gone);
    [[nodiscard]] bool still(const waiting& entry) const noexcept;

    zmq::socket_t& watched_;
    zmq::socket_t events_;
    std::chrono::milliseconds hello_timeout_;
    std::unordered_map<int, peer> peers_;
    std::unordered_map<connection_id, int> fds_;
    std::deque<waiting> waiting_; // oldest first; entries of peers that went on stay until their time
};

} // namespace fenliu::transport
