#include "transport/router.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "transport/curve.hpp"
#include "transport/doorkeeper.hpp"
#include "transport/remote.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

// The routing ids that libzmq makes: a zero byte and a 32-bit number.
constexpr std::size_t routing_id_bytes = 5;
/// Set in every connection_id, so that none is 0.
constexpr connection_id made_by_libzmq = connection_id{1} << 40;

/// Connections that wait to be accepted: every peer of a broker that was restarted comes at once.
constexpr int accept_backlog = 4'096;

/// 0 for a routing id that the peer chose itself.
connection_id pack(const zmq::message_t& routing_id) noexcept {
    if (routing_id.size() != routing_id_bytes) return 0;
    std::array<unsigned char, routing_id_bytes> bytes{};
    std::memcpy(bytes.data(), routing_id.data(), bytes.size());
    if (bytes[0] != 0) return 0;
    connection_id packed = made_by_libzmq;
    for (std::size_t index = 1; index < bytes.size(); ++index)
        packed |= connection_id{bytes[index]} << 8 * (index - 1);
    return packed;
}

std::array<unsigned char, routing_id_bytes> unpack(connection_id connection) noexcept {
    std::array<unsigned char, routing_id_bytes> bytes{};
    for (std::size_t index = 1; index < bytes.size(); ++index)
        bytes[index] = static_cast<unsigned char>(connection >> 8 * (index - 1) & 0xff);
    return bytes;
}

} // namespace

router::router(zmq::context_t& context, const socket_options& options)
    : socket_(context, zmq::socket_type::router)
    , watch_(context, socket_, "inproc://bus-connections", options.hello_timeout)
    , security_(options.security) {
    // Without it a message to a peer that is slow or gone would vanish; with it we are told.
    socket_.set(zmq::sockopt::router_mandatory, true);
    socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(limits::frame_bytes));
    socket_.set(zmq::sockopt::rcvhwm, limits::receive_hwm);
    socket_.set(zmq::sockopt::sndhwm, limits::send_hwm);
    socket_.set(zmq::sockopt::backlog, accept_backlog);
    socket_.set(zmq::sockopt::handshake_ivl, static_cast<int>(options.hello_timeout.count()));
    // No pings of libzmq's own: it looks for a timer by going through all of them, so that 2,000 connections with a ping each
    // 300 ms keep its I/O thread busy and lose each other. The session's heartbeats find a peer that is frozen.
    socket_.set(zmq::sockopt::tcp_keepalive, 1);
    socket_.set(zmq::sockopt::linger, 0);
}

std::optional<failure> router::bind(const std::vector<std::string>& endpoints) {
    return bind_all(socket_, endpoints, security_, doorkeeper::bus_domain, endpoints_);
}

bool router::readable() noexcept {
    int events = 0;
    std::size_t size = sizeof events;
    // A signal may leave the answer open; reading will tell.
    return zmq_getsockopt(socket_.handle(), ZMQ_EVENTS, &events, &size) != 0 || (events & ZMQ_POLLIN) != 0;
}

void router::receive(std::vector<zmq::message_t>& frames, std::vector<frame_origin>& origins) {
    zmq::message_t routing_id;
    std::size_t bytes = 0;
    for (std::size_t count = 0; count < limits::frames_per_drain && bytes < limits::drain_bytes; ++count) {
        if (!socket_.recv(routing_id, zmq::recv_flags::dontwait)) return;
        zmq::message_t& frame = frames.emplace_back();
        // The parts of a message arrive together.
        static_cast<void>(socket_.recv(frame, zmq::recv_flags::dontwait));
        bytes += frame.size();
        frame_origin origin{pack(routing_id), nullptr};
        if (frame.more()) {
            skip_parts(frame);
            origin.fault = "a frame is one ZeroMQ part";
        }
        if (origin.from == 0) {
            refuse_chosen_id(routing_id);
            frames.pop_back();
        } else {
            origins.push_back(origin);
        }
    }
}

void router::refuse_chosen_id(const zmq::message_t& routing_id) {
    protocol::error error;
    error.code = protocol::name(errc::malformed);
    error.text = "leave the routing id to libzmq";
    std::string frame;
    protocol::encode(frame, error);
    protocol::encode(frame, protocol::bye{error.code});
    if (zmq_send(socket_.handle(), routing_id.data(), routing_id.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) return;
    static_cast<void>(zmq_send(socket_.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT));
}

void router::close(int linger_ms) {
    watch_.stop();
    socket_.set(zmq::sockopt::linger, linger_ms);
    socket_.close();
}

void router::skip_parts(zmq::message_t& part) {
    do
        static_cast<void>(socket_.recv(part, zmq::recv_flags::dontwait));
    while (part.more());
}

void router::handling(zmq::message_t* frame, instant now) noexcept {
    handled_ = frame;
    now_ = now;
}

sent router::send(connection_id connection, std::string_view frame) noexcept {
    const auto routing_id = unpack(connection);
    // The routing id alone decides: once it is taken, so is the frame.
    while (zmq_send(socket_.handle(), routing_id.data(), routing_id.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) {
        if (errno == EINTR) continue;
        return errno == EAGAIN ? sent::busy : sent::gone;
    }
    while (zmq_send(socket_.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT) < 0)
        if (errno != EINTR) return sent::gone;
    ++frames_out_;
    bytes_out_ += frame.size();
    return sent::yes;
}

remote router::peer() const {
    remote known;
    if (handled_ == nullptr) return known;
    if (const char* key = zmq_msg_gets(handled_->handle(), user_property)) known.key = key;
    if (const char* address = zmq_msg_gets(handled_->handle(), address_property)) known.address = address;
    return known;
}

void router::set_serving(connection_id connection, bool serving) noexcept {
    if (serving)
        watch_.serve(connection, zmq_msg_get(handled_->handle(), ZMQ_SRCFD));
    else
        watch_.idle(connection, now_);
}

} // namespace fenliu::transport
