// The broker's side of the protocol between frames and lanes: every message that comes in is counted, checked and handed on or
// answered, every batch of the lanes is put to its sessions. Knows no socket and no clock. Owned by the broker socket; ROUTER
// thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/codec.hpp"
#include "transport/outbound.hpp"
#include "transport/permission.hpp"
#include "transport/rate_table.hpp"
#include "transport/reception.hpp"
#include "transport/switchboard.hpp"

namespace fenliu::transport {

class exchange {
public:
    /// `wake` makes the ROUTER thread call `hand_over` soon; any thread calls it, also after the exchange is gone.
    exchange(const socket_options& options, inbound_sink& sink, wire& out, socket_figures& figures, instant now,
             std::function<void()> wake);

    /// One frame of a connection. Its bytes must live until `hand_over`, which gets what keeps them.
    void receive(connection_id from, std::string_view frame, instant now);
    /// Bytes that are no frame at all; their sender's session ends.
    void undecodable(connection_id from, std::string_view what, instant now);
    /// Admissions, sends, then what was processed.
    void apply(const outbound_batch& batch, instant now);
    /// The connection is known to be gone.
    void disconnected(connection_id connection, instant now);
    /// Sends what is due and does what time has brought.
    void turn(instant now);
    /// Gives the lanes what this turn brought.
    void hand_over(const frame_list& frames) { board_.batches().hand_over(frames); }
    /// When the next turn is due if nothing happens before.
    [[nodiscard]] std::optional<instant> wake_at(instant now) const noexcept { return board_.wake_at(now); }

    /// Whether output waits for a peer that does not read.
    [[nodiscard]] bool unsent() const noexcept { return board_.unsent(); }

    void set_tokens(std::vector<token_grant> tokens) { reception_.set_tokens(std::move(tokens)); }
    void drain() noexcept { reception_.drain(); }
    void say_bye(instant now);
    /// Whether a client with this CURVE key has a session that may follow the feed: at all, or events of a topic.
    [[nodiscard]] bool may_follow(std::string_view key, std::optional<std::string_view> topic = std::nullopt);
    /// Rises whenever a session is opened or over.
    [[nodiscard]] std::uint64_t changes() { return board_.sessions().changes(); }

private:
    /// The frame at hand.
    struct origin {
        connection_id from = 0;
        session* of = nullptr;         ///< null: none, or no longer
        std::size_t message_bytes = 0; ///< a message's share of the frame
        bool told_to_say_hello = false;
        bool said_hello = false;
        instant now;
    };

    void handle(origin& at, protocol::message& message);
    void handle_early(origin& at, const protocol::message& message);
    void handle_session_message(origin& at, const protocol::message& message);
    void handle_data(origin& at, protocol::message& message);
    /// Why a counted message is not taken.
    struct refusal {
        protocol::failure why;
        std::chrono::milliseconds retry_after{0};
    };
    /// Where a counted message goes, or why nowhere.
    [[nodiscard]] std::variant<to_shop, to_admin, refusal> judge(const origin& at, standing credit,
                                                                 const protocol::message& message);
    /// Whether a message that may be sent has to wait: how often its sender and its shop (null: the
    /// administration) send, and what is in hand.
    [[nodiscard]] std::optional<refusal> hold_off(const origin& at, const to_shop* to);
    void close(origin& at, protocol::errc code, std::string_view text);

    switchboard board_;
    reception reception_;
    socket_figures& figures_;
    rate_table shop_rates_;
    std::size_t in_flight_bytes_max_;
    protocol::decoder decoder_;
    std::vector<protocol::message> messages_;
};

} // namespace fenliu::transport
