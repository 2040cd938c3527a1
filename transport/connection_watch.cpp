#include "transport/connection_watch.hpp"

#include <cstdint>
#include <cstring>

#include <sys/socket.h>

namespace fenliu::transport {

connection_watch::connection_watch(zmq::context_t& context, zmq::socket_t& watched, const char* endpoint,
                                   std::chrono::milliseconds hello_timeout)
    : watched_(watched)
    , events_(context, zmq::socket_type::pair)
    , hello_timeout_(hello_timeout) {
    if (zmq_socket_monitor(watched.handle(), endpoint, ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED) != 0) throw zmq::error_t();
    // The I/O thread waits for room in this queue; with a bound a slow ROUTER thread would stop the network.
    events_.set(zmq::sockopt::rcvhwm, 0);
    events_.set(zmq::sockopt::linger, 0);
    events_.connect(endpoint);
}

connection_watch::~connection_watch() { stop(); }

void connection_watch::stop() noexcept {
    if (watched_.handle() != nullptr) zmq_socket_monitor(watched_.handle(), nullptr, 0);
    events_.close();
}

void connection_watch::read(std::vector<connection_id>& gone, instant now) {
    zmq::message_t news;
    zmq::message_t address;
    // An event is 16 bits of what and 32 of where (the descriptor), then a part with the endpoint.
    while (events_.recv(news, zmq::recv_flags::dontwait)) {
        std::uint16_t what = 0;
        std::int32_t fd = -1;
        std::memcpy(&what, news.data(), sizeof what);
        std::memcpy(&fd, static_cast<const char*>(news.data()) + sizeof what, sizeof fd);
        static_cast<void>(events_.recv(address));
        // A descriptor that is accepted again was closed, whether its end was understood or not.
        disconnected(fd, gone);
        if (what == ZMQ_EVENT_ACCEPTED) accepted(fd, now);
    }
}

void connection_watch::accepted(int fd, instant now) {
    peers_[fd] = {0, false, now};
    waiting_.push_back({fd, now});
}

void connection_watch::disconnected(int fd, std::vector<connection_id>& gone) {
    const auto found = peers_.find(fd);
    if (found == peers_.end()) return;
    if (found->second.connection != 0) {
        gone.push_back(found->second.connection);
        fds_.erase(found->second.connection);
    }
    peers_.erase(found);
}

void connection_watch::serve(connection_id connection, int fd) {
    if (fd < 0) return;
    peer& known = peers_[fd];
    known.connection = connection;
    known.serving = true;
    fds_[connection] = fd;
}

void connection_watch::idle(connection_id connection, instant now) {
    const auto found = fds_.find(connection);
    if (found == fds_.end()) return;
    peer& known = peers_[found->second];
    known.serving = false;
    known.since = now;
    waiting_.push_back({found->second, now});
}

void connection_watch::cut(connection_id connection) noexcept {
    const auto found = fds_.find(connection);
    if (found != fds_.end()) ::shutdown(found->second, SHUT_RDWR);
}

bool connection_watch::still(const waiting& entry) const noexcept {
    const auto found = peers_.find(entry.fd);
    return found != peers_.end() && !found->second.serving && found->second.since == entry.since;
}

void connection_watch::cut_silent(instant now) {
    while (!waiting_.empty() && (waiting_.front().since + hello_timeout_ <= now || !still(waiting_.front()))) {
        if (still(waiting_.front())) ::shutdown(waiting_.front().fd, SHUT_RDWR);
        waiting_.pop_front();
    }
}

std::optional<instant> connection_watch::wake_at() const noexcept {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.front().since + hello_timeout_;
}

} // namespace fenliu::transport
