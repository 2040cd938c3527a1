#include "transport/feed.hpp"

#include "protocol/limits.hpp"
#include "transport/router.hpp"

namespace fenliu::transport {

feed::feed(zmq::context_t& context)
    : socket_(context, zmq::socket_type::xpub) {
    socket_.set(zmq::sockopt::sndhwm, limits::send_hwm);
    socket_.set(zmq::sockopt::rcvhwm, limits::receive_hwm);
    socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::subscription_bytes));
    // Every subscription and its end is reported, not only the first and last of a topic: so they can be counted.
    socket_.set(zmq::sockopt::xpub_verboser, true);
    socket_.set(zmq::sockopt::tcp_keepalive, 1);
    socket_.set(zmq::sockopt::linger, 0);
}

std::optional<protocol::failure> feed::bind(const std::vector<std::string>& endpoints) {
    return bind_all(socket_, endpoints, endpoints_);
}

void feed::publish(const feed_event& published) noexcept {
    if (!wanted()) return;
    if (zmq_send(socket_.handle(), published.topic.data(), published.topic.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) return;
    static_cast<void>(zmq_send(socket_.handle(), published.body.data(), published.body.size(), ZMQ_DONTWAIT));
}

void feed::close(int linger_ms) {
    socket_.set(zmq::sockopt::linger, linger_ms);
    socket_.close();
}

void feed::read_subscriptions() {
    zmq::message_t message;
    while (socket_.recv(message, zmq::recv_flags::dontwait)) {
        if (message.size() == 0) continue;
        const auto what = *message.data<unsigned char>();
        const std::uint64_t count = subscriptions();
        if (what == 1)
            subscriptions_.store(count + 1, std::memory_order_relaxed);
        else if (what == 0 && count > 0)
            subscriptions_.store(count - 1, std::memory_order_relaxed);
    }
}

} // namespace fenliu::transport
