// The broker's end of one session: its channel, who is behind it, and where it stands between hello and close. A state machine
// without sockets and clocks; owned by the session table, used by the ROUTER thread alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transport/channel.hpp"
#include "transport/link.hpp"
#include "transport/rate_limit.hpp"
#include "transport/session_key.hpp"

namespace fenliu::transport {

/// A connection of the ROUTER socket: the routing id that libzmq gave it, packed; 0 is none. Never used again while the process
/// runs.
using connection_id = std::uint64_t;

enum class session_state : std::uint8_t {
    admitting, ///< an agent's hello waits for its lane's answer
    live,      ///< welcomed
    resuming,  ///< on a new connection; the welcome waits until everything received on the old one has been processed
    lost,      ///< without a connection, kept for resume
    closed,    ///< over; remembered until the lanes have processed what it sent, so that its bytes stay counted
};

/// What time has brought.
enum class session_due : std::uint8_t {
    nothing,
    heartbeat,
    silent,
    expired,
    stuck,  ///< it is full, and its peer acknowledges nothing
    barred, ///< its token has ended
};

struct session_terms {
    channel_terms channel;
    std::chrono::milliseconds expiry = limits::session_expiry;
    std::chrono::milliseconds answer = limits::hello_timeout; ///< for a hello that waits for the lanes
};

class session {
public:
    session(link_id link, const session_key& key, std::shared_ptr<const identity> who, std::string token,
            const session_terms& terms, instant now);

    // The life of a session.
    void connect(connection_id connection) noexcept { connection_ = connection; }
    /// Its token ends then.
    void bar_at(instant when) noexcept { barred_at_ = when; }
    void admit() noexcept { state_ = session_state::live; }
    /// The connection is gone.
    void lose(instant now) noexcept;
    /// Whether a hello of this peer may take the session over; `rx` is what the peer has processed.
    [[nodiscard]] bool resumable(const identity& who, std::string_view token, std::uint64_t rx) const noexcept;
    /// The peer is back on another connection and has processed `rx`.
    void take_over(connection_id connection, std::uint64_t rx, instant now) noexcept;
    /// Whether a session that is being resumed can be welcomed.
    [[nodiscard]] bool ready() const noexcept { return channel_.incoming().all_processed(); }
    /// Ends the resuming: both ends replay from here. Before any data the caller sends the welcome.
    void resume(instant now);
    void close(instant now) noexcept;
    /// Whether a closed session may be forgotten.
    [[nodiscard]] bool settled() const noexcept { return channel_.incoming().all_processed(); }

    /// The lanes are told that it is full. It is stuck unless acks come.
    void fill(instant now) noexcept { full_since_ = now; }
    /// An ack came; true once, if it is full no more.
    [[nodiscard]] bool roomy_again(instant now) noexcept;
    [[nodiscard]] bool full() const noexcept { return full_since_.has_value(); }

    /// What has to be done about it now.
    [[nodiscard]] session_due check(instant now) const noexcept;
    /// When to check next: when something is due, and at least once in a heartbeat, since a state may change meanwhile.
    [[nodiscard]] instant check_at(instant now) const noexcept;

    /// Takes one message of the rate that the token allows; nothing if it may, else after how long.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take_of_rate(instant now) noexcept;

    // Data in flight: what the lanes were handed and what they have not processed.
    /// The newest message received, of that many bytes, was handed on.
    void handed_on(std::size_t bytes);
    /// Messages first…last have been processed; returns the bytes that are no longer in flight.
    [[nodiscard]] std::size_t processed(std::uint64_t first, std::uint64_t last);
    /// All bytes still in flight, when the session is forgotten.
    [[nodiscard]] std::size_t forget_in_flight() noexcept;
    /// Gives memory back where nothing is kept.
    void release();

    [[nodiscard]] link_id link() const noexcept { return link_; }
    [[nodiscard]] const session_key& key() const noexcept { return key_; }
    [[nodiscard]] const std::shared_ptr<const identity>& who() const noexcept { return who_; }
    [[nodiscard]] session_state state() const noexcept { return state_; }
    [[nodiscard]] bool live() const noexcept { return state_ == session_state::live; }
    [[nodiscard]] bool closed() const noexcept { return state_ == session_state::closed; }
    [[nodiscard]] connection_id connection() const noexcept { return connection_; }
    [[nodiscard]] transport::channel& channel() noexcept { return channel_; }
    [[nodiscard]] const transport::channel& channel() const noexcept { return channel_; }

    bool flush_listed = false;   ///< waits in the list of sessions to be flushed
    bool loss_announced = false; ///< the lanes know that it is lost
    instant busy_since{};        ///< since when the socket takes no frame for it; zero: it does

private:
    struct handed {
        std::uint64_t last = 0;
        std::size_t bytes = 0;
    };
    [[nodiscard]] std::size_t take_handed(std::uint64_t up_to) noexcept;

    link_id link_;
    session_key key_;
    std::shared_ptr<const identity> who_;
    std::string token_;
    transport::channel channel_;
    std::vector<handed> in_flight_; // by number; those before first_in_flight_ are done
    std::size_t first_in_flight_ = 0;
    std::optional<rate_limit> rate_;
    connection_id connection_ = 0;
    std::uint64_t resume_rx_ = 0;
    instant since_; // the state
    std::optional<instant> barred_at_;
    std::optional<instant> full_since_; // or the last ack after that
    std::chrono::milliseconds heartbeat_;
    std::chrono::milliseconds expiry_;
    std::chrono::milliseconds answer_;
    session_state state_ = session_state::admitting;
};

} // namespace fenliu::transport
