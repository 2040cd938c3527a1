#include "transport/replay_buffer.hpp"

#include <algorithm>
#include <cassert>

namespace fenliu::transport {

void replay_buffer::append(std::string_view encoded) { kept_.append(encoded); }

message_queue::run replay_buffer::next(std::uint32_t window, std::size_t messages_max, std::size_t bytes_max) const noexcept {
    const std::uint64_t ahead = sent() - acked_;
    const std::uint64_t credit = window > ahead ? window - ahead : 0;
    return kept_.next(std::min<std::uint64_t>(credit, messages_max), bytes_max);
}

void replay_buffer::sent(std::size_t count) noexcept {
    kept_.advance(count);
    highest_sent_ = std::max(highest_sent_, sent());
}

bool replay_buffer::acknowledge(std::uint64_t rx) {
    if (rx > sent()) return false;
    if (rx > acked_) {
        kept_.pop(rx - acked_);
        acked_ = rx;
    }
    return true;
}

void replay_buffer::resume(std::uint64_t rx) {
    assert(covers(rx));
    kept_.pop(rx - acked_);
    acked_ = rx;
    kept_.rewind();
}

void replay_buffer::clear() noexcept {
    acked_ = last();
    kept_.clear();
}

} // namespace fenliu::transport
