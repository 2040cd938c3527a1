#include "transport/feed.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "protocol/limits.hpp"
#include "transport/curve.hpp"
#include "transport/doorkeeper.hpp"
#include "transport/remote.hpp"

namespace fenliu::transport {

namespace {

// The first byte of what a subscriber sends.
constexpr char subscribes = 1, unsubscribes = 0;

} // namespace

feed::feed(zmq::context_t& context, const socket_options& options)
    : socket_(context, zmq::socket_type::xpub)
    , watch_(context, socket_, "inproc://feed-connections", options.hello_timeout)
    , security_(options.security) {
    socket_.set(zmq::sockopt::sndhwm, limits::send_hwm);
    socket_.set(zmq::sockopt::rcvhwm, limits::receive_hwm);
    socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::feed_message_bytes));
    // A subscription counts once it is taken here; and every one is reported, not only the first and last of a topic.
    socket_.set(zmq::sockopt::xpub_manual, true);
    socket_.set(zmq::sockopt::handshake_ivl, static_cast<int>(options.hello_timeout.count()));
    socket_.set(zmq::sockopt::tcp_keepalive, 1);
    socket_.set(zmq::sockopt::linger, 0);
}

std::optional<protocol::failure> feed::bind(const std::vector<std::string>& endpoints) {
    return bind_all(socket_, endpoints, security_, doorkeeper::feed_domain, endpoints_);
}

void feed::publish(const feed_event& published) noexcept {
    if (!wanted()) return;
    if (zmq_send(socket_.handle(), published.topic.data(), published.topic.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) return;
    static_cast<void>(zmq_send(socket_.handle(), published.body.data(), published.body.size(), ZMQ_DONTWAIT));
}

void feed::close(int linger_ms) {
    watch_.stop();
    socket_.set(zmq::sockopt::linger, linger_ms);
    socket_.close();
}

void feed::read_subscriptions(const feed_right& may, instant now) {
    zmq::message_t message;
    changes_.clear();
    while (socket_.recv(message, zmq::recv_flags::dontwait))
        if (change each; take(message, may, each)) changes_.push_back(std::move(each));
    // Read after the subscriptions, noted before them: a descriptor's end is known before its next owner's topics are.
    gone_.clear();
    watch_.read(gone_, now);
    if (changes_.empty() && gone_.empty()) return;
    for (const connection_id connection : gone_)
        std::erase_if(readers_, [&](const auto& each) { return each.second.connection == connection; });
    for (const auto& each : changes_)
        note(each);
    std::uint64_t count = 0;
    for (const auto& [fd, each] : readers_)
        count += each.topics.size();
    subscriptions_.store(count, std::memory_order_relaxed);
}

bool feed::take(zmq::message_t& message, const feed_right& may, change& out) {
    // Without a descriptor it is libzmq's own news of a connection that is gone, which the watch tells as well.
    const char* fd = zmq_msg_gets(message.handle(), descriptor_property);
    if (message.size() == 0 || message.size() > limits::subscription_bytes || fd == nullptr) return false;
    out.fd = std::atoi(fd);
    const char what = *message.data<char>();
    if (what != subscribes && what != unsubscribes) return false;
    out.subscribes = what == subscribes;
    if (const char* key = zmq_msg_gets(message.handle(), user_property)) out.key = key;
    out.topic = message.to_string_view().substr(1);
    if (out.subscribes && !out.key.empty() && !may(out.key, out.topic)) return false;
    const int option = out.subscribes ? ZMQ_SUBSCRIBE : ZMQ_UNSUBSCRIBE;
    return zmq_setsockopt(socket_.handle(), option, out.topic.data(), out.topic.size()) == 0;
}

void feed::note(const change& each) {
    reader& known = readers_[each.fd];
    if (known.connection == 0) known.connection = ++made_;
    known.key = each.key;
    if (each.subscribes)
        known.topics.insert(each.topic);
    else
        known.topics.erase(each.topic);
    watch_.serve(known.connection, each.fd);
}

void feed::review(const feed_right& may) {
    for (const auto& [fd, each] : readers_)
        if (!each.key.empty() &&
            !std::ranges::all_of(each.topics, [&, &key = each.key](const std::string& topic) { return may(key, topic); }))
            watch_.cut(each.connection);
}

} // namespace fenliu::transport
