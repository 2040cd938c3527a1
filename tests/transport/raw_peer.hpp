// A peer made of a bare DEALER and the codec, for tests that break the protocol on purpose. Every wait has a deadline.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"

namespace fenliu::transport::testing {

class raw_peer {
public:
    explicit raw_peer(const std::string& url, std::string_view routing_id = {})
        : socket_(context_, zmq::socket_type::dealer) {
        socket_.set(zmq::sockopt::linger, 0);
        if (!routing_id.empty()) socket_.set(zmq::sockopt::routing_id, routing_id);
        socket_.connect(url);
    }

    void send_bytes(std::string_view frame) { static_cast<void>(socket_.send(zmq::buffer(frame))); }
    void send_parts(std::string_view first, std::string_view second) {
        static_cast<void>(socket_.send(zmq::buffer(first), zmq::send_flags::sndmore));
        static_cast<void>(socket_.send(zmq::buffer(second)));
    }
    /// All messages in one frame.
    template <class... Message>
    void send(const Message&... messages) {
        std::string frame;
        (protocol::encode(frame, messages), ...);
        send_bytes(frame);
    }

    /// The next message that is no heartbeat and no ack, or nothing within the time.
    std::optional<protocol::message> next(std::chrono::milliseconds within = std::chrono::seconds(10)) {
        const auto deadline = std::chrono::steady_clock::now() + within;
        while (true) {
            while (!waiting_.empty()) {
                protocol::message message = std::move(waiting_.front());
                waiting_.pop_front();
                if (const auto* ack = std::get_if<protocol::ack>(&message))
                    acked_ = ack->rx;
                else if (!std::holds_alternative<protocol::heartbeat>(message))
                    return message;
            }
            if (!read(deadline)) return std::nullopt;
        }
    }
    /// The next message if it is of this kind.
    template <class Message>
    std::optional<Message> expect() {
        auto message = next();
        if (!message || !std::holds_alternative<Message>(*message)) return std::nullopt;
        return std::get<Message>(std::move(*message));
    }
    /// Reads until an ack says so much.
    bool acked(std::uint64_t rx) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (acked_ < rx) {
            if (!read(deadline)) return false;
            for (const auto& message : waiting_)
                if (const auto* ack = std::get_if<protocol::ack>(&message)) acked_ = ack->rx;
        }
        return true;
    }
    zmq::socket_t& socket() { return socket_; }
    zmq::context_t& context() { return context_; }
    [[nodiscard]] std::size_t frames() const noexcept { return frames_.size(); }

private:
    bool read(std::chrono::steady_clock::time_point deadline) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        zmq::pollitem_t item{socket_.handle(), 0, ZMQ_POLLIN, 0};
        zmq::poll(&item, 1, left);
        auto frame = std::make_unique<zmq::message_t>();
        if (!socket_.recv(*frame, zmq::recv_flags::dontwait)) return false;
        std::vector<protocol::message> messages;
        static_cast<void>(decoder_.decode(frame->to_string_view(), messages));
        for (auto& message : messages)
            waiting_.push_back(std::move(message));
        frames_.push_back(std::move(frame)); // the messages' views point into it
        return true;
    }

    zmq::context_t context_;
    zmq::socket_t socket_;
    protocol::decoder decoder_;
    std::vector<std::unique_ptr<zmq::message_t>> frames_;
    std::deque<protocol::message> waiting_;
    std::uint64_t acked_ = 0;
};

inline protocol::hello frontend_hello() { return {.version = limits::protocol_version, .role = protocol::role::frontend}; }
inline protocol::hello agent_hello(std::string_view account) {
    return {.version = limits::protocol_version, .role = protocol::role::agent, .account = account};
}
inline protocol::publish publish_of(std::string_view id, std::string_view shop = "acme") {
    return {.msg_id = id, .shop = shop, .buyer = "bob", .text = "hello"};
}

} // namespace fenliu::transport::testing
