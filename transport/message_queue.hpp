// Encoded messages in order, one block of bytes and a size each, with a cursor between what was read and what was not. An empty
// queue owns no memory once `release` was called, so that tens of thousands of idle sessions cost little. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/codec.hpp"

namespace fenliu::transport {

class message_queue {
public:
    /// Messages that stand one after another; the view lives until the queue changes.
    struct run {
        std::string_view bytes;
        std::size_t count = 0;
    };

    void append(std::string_view encoded);
    template <class Message>
    void encode(const Message& message) {
        const std::size_t before = bytes_.size();
        protocol::encode(bytes_, message);
        sizes_.push_back(static_cast<std::uint32_t>(bytes_.size() - before));
    }

    /// The longest run behind the cursor of at most so many messages and bytes.
    [[nodiscard]] run next(std::size_t messages_max, std::size_t bytes_max) const noexcept;
    /// Moves the cursor behind the next `count` messages.
    void advance(std::size_t count) noexcept;
    /// Puts the cursor before the oldest message.
    void rewind() noexcept;
    /// Drops the oldest `count` messages.
    void pop(std::size_t count);
    void clear() noexcept;
    /// Gives memory back if the queue is empty.
    void release();

    [[nodiscard]] bool empty() const noexcept { return head_ == sizes_.size(); }
    [[nodiscard]] std::size_t size() const noexcept { return sizes_.size() - head_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.size() - head_bytes_; }
    /// Messages behind the cursor.
    [[nodiscard]] std::size_t unread() const noexcept { return sizes_.size() - cursor_; }

private:
    void compact();

    std::string bytes_;
    std::vector<std::uint32_t> sizes_;
    std::size_t head_ = 0; // of sizes_: the oldest message
    std::size_t head_bytes_ = 0;
    std::size_t cursor_ = 0; // of sizes_: the next one to read
    std::size_t cursor_bytes_ = 0;
};

} // namespace fenliu::transport
