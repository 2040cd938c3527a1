// The receiving half of a channel: counts the peer's data messages, collects which of them have been processed (in any order)
// and says how far that is contiguous, which is what may be acknowledged. Pure state, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fenliu::transport {

/// How a data message stands to the credit its sender was given.
enum class standing : std::uint8_t {
    within,
    over,    ///< beyond the window: counted and refused
    overrun, ///< beyond twice the window: the sender ignores credit altogether
};

class receipts {
public:
    /// `window`: how far the peer may be ahead of the last acknowledgement it was sent.
    explicit receipts(std::uint32_t window) noexcept
        : window_(window) {}

    /// Counts the next data message; its number is then `received()`.
    [[nodiscard]] standing count() noexcept;
    /// Messages first…last have been processed. Only numbers that were counted, each once.
    void processed(std::uint64_t first, std::uint64_t last);
    /// The peer has been sent an ack (or welcome) that carries `contiguous()`.
    void acknowledged() noexcept { acknowledged_ = contiguous_; }
    void release();

    [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
    /// Everything up to this number has been processed; never decreases.
    [[nodiscard]] std::uint64_t contiguous() const noexcept { return contiguous_; }
    /// Messages that may be acknowledged and were not yet.
    [[nodiscard]] std::uint64_t unacknowledged() const noexcept { return contiguous_ - acknowledged_; }
    [[nodiscard]] bool all_processed() const noexcept { return contiguous_ == received_; }

private:
    [[nodiscard]] bool take_early(std::uint64_t number) noexcept;
    void keep_early(std::uint64_t first, std::uint64_t last);
    void grow();

    std::uint64_t received_ = 0;
    std::uint64_t contiguous_ = 0;
    std::uint64_t acknowledged_ = 0;
    std::uint64_t highest_early_ = 0;
    // Numbers processed before their turn, a ring of bits indexed by number; a power of two that covers received_ − contiguous_
    // when anything is in it.
    std::vector<std::uint64_t> early_;
    std::uint32_t window_;
};

} // namespace fenliu::transport
