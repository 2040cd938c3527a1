// One end of a session, the same for broker and peer: numbering, acks, credit and replay in both directions, and heartbeats. A
// state machine without sockets and clocks: its owner feeds it what came, asks for frames to send and says when they went.
// One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/limits.hpp"
#include "transport/instant.hpp"
#include "transport/message_queue.hpp"
#include "transport/receipts.hpp"
#include "transport/replay_buffer.hpp"

namespace fenliu::transport {

/// When what was processed is acked: as soon as any of these is reached; by default at once.
struct ack_terms {
    std::uint32_t messages = 1;
    std::size_t bytes = 0; ///< of the frames that came since the last ack
    std::chrono::milliseconds delay{0};
};

/// What a session's two ends agree on in the welcome, and this end's own bound.
struct channel_terms {
    std::uint32_t window = limits::window; ///< credit both ways at the start
    std::chrono::milliseconds heartbeat = limits::heartbeat;
    std::size_t frame_bytes = limits::frame_bytes;
    std::size_t frame_data = limits::frame_messages; ///< data messages in one frame
    std::size_t outbox_bytes = limits::outbox_bytes; ///< unsent and unacked bytes kept
    ack_terms ack;
};

/// What a frame made by `channel::compose` carries.
struct composed {
    std::size_t control = 0;
    std::size_t data = 0;
    std::optional<std::uint64_t> ack;
    bool heartbeat = false;

    [[nodiscard]] std::size_t messages() const noexcept { return control + data + (ack ? 1 : 0) + (heartbeat ? 1 : 0); }
};

class channel {
public:
    channel(const channel_terms& terms, instant now);

    // What came.
    /// A frame of so many bytes; before what it carries is counted.
    void heard(instant now, std::size_t bytes) noexcept;
    /// Counts a data message of the peer; its number is then `incoming().received()`.
    [[nodiscard]] standing count() noexcept { return incoming_.count(); }
    /// An ack; false if it is about messages that were never sent.
    [[nodiscard]] bool acknowledge(std::uint64_t rx);
    /// A credit.
    void grant(std::uint32_t window) noexcept { peer_window_ = window; }

    // What the owner has to say.
    /// The peer's messages first…last have been processed, each once, in any order.
    void processed(std::uint64_t first, std::uint64_t last);
    /// What is queued from here to the call with false is owed from before the session: it is kept beyond the bound, until acked.
    /// Else a peer that was away for long could never come back.
    void take_arrears(bool begin) noexcept;
    /// Queues a data message; it is kept until acked. False once more than the bound is kept: the session has to end.
    [[nodiscard]] bool send(std::string_view encoded);
    template <class Message>
    [[nodiscard]] bool send_message(const Message& message) {
        outgoing_.encode(message);
        return within_bound();
    }
    /// Queues a message that is not counted and not kept: it goes before any data, and is lost with the connection.
    template <class Message>
    [[nodiscard]] bool control(const Message& message) {
        control_.encode(message);
        return within_bound();
    }

    // What goes.
    /// Writes the next frame: control messages, an ack if one is due, data as far as credit and a frame's limits allow, and a
    /// heartbeat if it would be empty and one is due. Changes nothing until `sent`.
    [[nodiscard]] composed compose(std::string& frame, instant now) const;
    void sent(const composed& what, instant now);
    /// Whether `compose` would write something else than a heartbeat.
    [[nodiscard]] bool pending(instant now) const noexcept;

    // Time.
    [[nodiscard]] instant heartbeat_at() const noexcept { return last_sent_ + terms_.heartbeat; }
    /// When an ack is due at the latest; nothing if none is owed.
    [[nodiscard]] std::optional<instant> ack_at() const noexcept;
    /// The peer is dead if nothing is heard until then.
    [[nodiscard]] instant dead_at() const noexcept { return last_heard_ + limits::heartbeats_missed * terms_.heartbeat; }

    // Connections.
    /// Whether a peer that has processed `rx` can go on from here.
    [[nodiscard]] bool covers(std::uint64_t rx) const noexcept { return outgoing_.covers(rx); }
    /// A new connection: both ends replay what is above the other's count. Everything received before has been processed.
    void resume(std::uint64_t rx, instant now);
    /// The session is over: nothing will be sent any more.
    void clear() noexcept;
    /// Gives memory back where nothing is kept; for idle moments.
    void release();

    // How much of the outbox's bound is kept.
    [[nodiscard]] bool full() const noexcept { return outgoing_.bytes() > terms_.outbox_bytes / limits::outbox_full; }
    [[nodiscard]] bool roomy() const noexcept { return outgoing_.bytes() <= terms_.outbox_bytes / limits::outbox_roomy; }
    [[nodiscard]] const receipts& incoming() const noexcept { return incoming_; }
    [[nodiscard]] const replay_buffer& outgoing() const noexcept { return outgoing_; }

private:
    [[nodiscard]] bool ack_due(instant now) const noexcept;
    [[nodiscard]] bool within_bound() const noexcept {
        return taking_arrears_ || outgoing_.bytes() + control_.bytes() <= terms_.outbox_bytes + arrears_bytes_;
    }

    channel_terms terms_;
    receipts incoming_;
    replay_buffer outgoing_;
    message_queue control_;
    std::uint32_t peer_window_;
    instant last_sent_;
    instant last_heard_;
    instant ack_owed_since_;
    std::size_t bytes_since_ack_ = 0;
    std::size_t arrears_bytes_ = 0; // kept beyond the bound
    bool taking_arrears_ = false;
};

} // namespace fenliu::transport
