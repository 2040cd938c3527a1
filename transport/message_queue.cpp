#include "transport/message_queue.hpp"

#include <cassert>

namespace fenliu::transport {

void message_queue::append(std::string_view encoded) {
    bytes_.append(encoded);
    sizes_.push_back(static_cast<std::uint32_t>(encoded.size()));
}

message_queue::run message_queue::next(std::size_t messages_max, std::size_t bytes_max) const noexcept {
    std::size_t count = 0;
    std::size_t bytes = 0;
    while (count < messages_max && cursor_ + count < sizes_.size() && bytes + sizes_[cursor_ + count] <= bytes_max)
        bytes += sizes_[cursor_ + count++];
    return {std::string_view(bytes_).substr(cursor_bytes_, bytes), count};
}

void message_queue::advance(std::size_t count) noexcept {
    assert(count <= unread());
    for (; count > 0; --count)
        cursor_bytes_ += sizes_[cursor_++];
}

void message_queue::rewind() noexcept {
    cursor_ = head_;
    cursor_bytes_ = head_bytes_;
}

void message_queue::pop(std::size_t count) {
    assert(count <= size());
    for (; count > 0; --count)
        head_bytes_ += sizes_[head_++];
    if (cursor_ < head_) rewind();
    if (empty())
        clear();
    else if (head_ > sizes_.size() / 2)
        compact();
}

void message_queue::compact() {
    bytes_.erase(0, head_bytes_);
    sizes_.erase(sizes_.begin(), sizes_.begin() + static_cast<std::ptrdiff_t>(head_));
    cursor_ -= head_;
    cursor_bytes_ -= head_bytes_;
    head_ = 0;
    head_bytes_ = 0;
}

void message_queue::clear() noexcept {
    bytes_.clear();
    sizes_.clear();
    head_ = head_bytes_ = cursor_ = cursor_bytes_ = 0;
}

void message_queue::release() {
    if (!empty()) return;
    bytes_ = {};
    sizes_ = {};
}

} // namespace fenliu::transport
