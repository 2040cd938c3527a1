// A peer's end of the bus: one DEALER with a session that survives reconnects, for the `fenliu` program, load tools and tests.
// Owned and used by one thread; nothing happens outside `poll`. It numbers, acks, grants credit and replays; what a session
// cannot replay (`resumed=false`) it sends again itself: every 10/31 and command not yet answered, in order, with its old id.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/codec.hpp"
#include "protocol/limits.hpp"
#include "protocol/message.hpp"

namespace fenliu::transport {

struct client_options {
    std::string url = "tcp://127.0.0.1:5570";
    protocol::role role = protocol::role::frontend;
    std::string token, shop, account, device;
    bool robot = false;
    std::string server_key;                ///< CURVE public key of the broker (Z85); empty: in clear
    std::string secret_key;                ///< CURVE secret key of this client (Z85); empty: one of its own, known to nobody
    std::uint32_t window = limits::window; ///< credit granted to the broker
    /// Data messages in one frame, from 1 to 256: as many as wait. Fewer are for measuring.
    std::size_t frame_messages = limits::frame_messages;
    /// The broker is given up after this long without a connection; zero: never.
    std::chrono::milliseconds give_up{0};
};

enum class client_state : std::uint8_t { connecting, open, refused, unreachable, closed };

/// What a client tells its owner, all from inside `poll`.
struct client_events {
    /// One data message from the broker, or an error about no message in particular; views valid during the call. Whether it
    /// is repeated is not known here: compare (conversation, seq). The callbacks may send and close, but not poll.
    std::function<void(const protocol::message&)> on_message;
    /// A session stands; `resumed` = nothing lost; `first` = the first one of this client. Agents say their presence here
    /// unless it was resumed: a presence not yet answered is not sent again by itself.
    std::function<void(bool resumed, bool first)> on_open;
    /// The connection or session is gone; the client reconnects by itself.
    std::function<void()> on_lost;
    /// Positions for hello's `seen` (agents); asked before each hello, since a resume may fail.
    std::function<std::vector<std::pair<std::string, std::uint64_t>>()> seen;
};

class client {
public:
    client(const client_options& options, client_events events);
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;
    ~client();

    /// Queues one message; its strings are copied. Kept until it is answered (10, 31 and commands) or acked (the rest).
    void send(const protocol::message& value);
    /// Sends, receives, keeps the session alive; returns after at most `wait`, or at once when something happened or the client
    /// is refused, unreachable or closed.
    void poll(std::chrono::nanoseconds wait);

    [[nodiscard]] client_state state() const noexcept;
    /// Why it was refused or is unreachable: code and text of the broker's error, or the transport's.
    [[nodiscard]] const std::optional<protocol::failure>& why() const noexcept;
    /// Messages sent and not yet answered.
    [[nodiscard]] std::size_t unanswered() const noexcept;
    /// Messages queued but not yet allowed onto the wire by the broker's credit.
    [[nodiscard]] std::size_t queued() const noexcept;
    /// Readable when something may have come; its owner then calls `poll(0)`, and does so once in a heartbeat in any case. −1
    /// once closed.
    [[nodiscard]] int fd() const noexcept;
    /// Says bye and closes; waits at most `linger` for acks of what was sent.
    void close(std::chrono::milliseconds linger);

private:
    friend class client_set;
    struct data;
    std::unique_ptr<data> data_;
};

} // namespace fenliu::transport
