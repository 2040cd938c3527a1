// The sending half of a channel: data messages in order, numbered from 1, kept until the peer acknowledges them, sent again
// from there after a resume. Pure state, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "transport/message_queue.hpp"

namespace fenliu::transport {

class replay_buffer {
public:
    void append(std::string_view encoded);
    template <class Message>
    void encode(const Message& message) {
        kept_.encode(message);
    }

    /// The next messages to send: not beyond the peer's credit, of at most so many messages and bytes.
    [[nodiscard]] message_queue::run next(std::uint32_t window, std::size_t messages_max, std::size_t bytes_max) const noexcept;
    /// The next `count` messages are on their way.
    void sent(std::size_t count) noexcept;
    /// The peer has processed everything up to `rx`. False, and nothing changes, for a number above what was sent; one below
    /// what it acknowledged before is old news.
    [[nodiscard]] bool acknowledge(std::uint64_t rx);

    /// Whether a peer that processed `rx` can go on from here: not below what it acknowledged, not above what was ever sent.
    [[nodiscard]] bool covers(std::uint64_t rx) const noexcept { return rx >= acked_ && rx <= highest_sent_; }
    /// A new connection of the same session: what is above `rx` (which is covered) is sent again.
    void resume(std::uint64_t rx);
    /// Forgets everything kept: the session is over.
    void clear() noexcept;
    void release() { kept_.release(); }

    [[nodiscard]] std::uint64_t acked() const noexcept { return acked_; }
    [[nodiscard]] std::uint64_t sent() const noexcept { return last() - kept_.unread(); }
    /// The number of the newest message.
    [[nodiscard]] std::uint64_t last() const noexcept { return acked_ + kept_.size(); }
    [[nodiscard]] std::size_t unsent() const noexcept { return kept_.unread(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return kept_.bytes(); }

private:
    message_queue kept_; // oldest: acked_ + 1; its cursor stands behind what was sent on this connection
    std::uint64_t acked_ = 0;
    std::uint64_t highest_sent_ = 0;
};

} // namespace fenliu::transport
