// The ROUTER socket: frames in with the connection they came from, frames out to a connection, and nothing that vanishes in
// between. Owned by the broker socket; ROUTER thread, once it runs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <zmq.hpp>

#include "protocol/error.hpp"
#include "transport/broker_socket.hpp"
#include "transport/connection_watch.hpp"
#include "transport/wire.hpp"

namespace fenliu::transport {

/// Where a received frame came from, and what is wrong with it as a ZeroMQ message.
struct frame_origin {
    connection_id from = 0;
    const char* fault = nullptr; ///< more than one part
};

class router final : public wire {
public:
    router(zmq::context_t& context, const socket_options& options);

    [[nodiscard]] std::optional<protocol::failure> bind(const std::vector<std::string>& endpoints);
    [[nodiscard]] const std::vector<std::string>& endpoints() const noexcept { return endpoints_; }

    /// Whether frames wait. Asked before sleeping on the descriptor, which doesn't tell of what sending has come across.
    [[nodiscard]] bool readable() noexcept;
    /// Appends at most `limits::frames_per_drain` frames that wait, and a line in `origins` for each.
    void receive(std::vector<zmq::message_t>& frames, std::vector<frame_origin>& origins);
    /// Names the frame that is being handled, whose descriptor a new session's connection has; null: none. And the time.
    void handling(zmq::message_t* frame, instant now) noexcept;
    /// Connections that are gone since the last call.
    void read_disconnects(std::vector<connection_id>& gone, instant now) { watch_.read(gone, now); }
    void cut_silent(instant now) { watch_.cut_silent(now); }
    [[nodiscard]] std::optional<instant> wake_at() const noexcept { return watch_.wake_at(); }

    [[nodiscard]] sent send(connection_id connection, std::string_view frame) noexcept override;
    void set_serving(connection_id connection, bool serving) noexcept override;
    void cut(connection_id connection) noexcept override { watch_.cut(connection); }
    [[nodiscard]] remote peer() const override;

    /// Frames that were taken still go out for at most so long, in the background.
    void close(int linger_ms);

    [[nodiscard]] zmq::socket_t& socket() noexcept { return socket_; }
    [[nodiscard]] zmq::socket_t& events() noexcept { return watch_.events(); }
    [[nodiscard]] std::uint64_t frames_out() const noexcept { return frames_out_; }
    [[nodiscard]] std::uint64_t bytes_out() const noexcept { return bytes_out_; }

private:
    void skip_parts(zmq::message_t& part);
    /// A routing id that a peer chose may be another's tomorrow, so no session hangs on it.
    void refuse_chosen_id(const zmq::message_t& routing_id);

    zmq::socket_t socket_;
    connection_watch watch_;
    security_options security_;
    std::vector<std::string> endpoints_;
    zmq::message_t* handled_ = nullptr;
    instant now_{};
    std::uint64_t frames_out_ = 0;
    std::uint64_t bytes_out_ = 0;
};

} // namespace fenliu::transport
