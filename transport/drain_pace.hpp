// When the ROUTER thread's next drain begins. Each one wakes the lane, the writer and peers, which takes as much of the
// processors as some messages. While there is time to spare a drain begins as soon as there is something to read; as the process
// comes to need the machine, drains wait until there is more, so that its time goes to messages. Without that 20,000 messages a
// second on two busy cores waited for each other for a quarter of a second. Knows no clock; ROUTER thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "transport/instant.hpp"

namespace fenliu::transport {

class drain_pace {
public:
    /// `cores`: how many processors the process may use, at least 1.
    explicit drain_pace(unsigned cores) noexcept
        : cores_{cores} {}

    /// Whether it is time to look.
    [[nodiscard]] bool looks(instant now) const noexcept;
    /// The process has used so much processor time and read so many messages so far.
    void look(instant now, std::chrono::nanoseconds used, std::uint64_t messages) noexcept;
    /// A drain begins.
    void begin(instant now) noexcept { next_ = now + wait_; }
    /// When the next one begins at the earliest: from 0 to limits::drain_wait after the one before.
    [[nodiscard]] instant next() const noexcept { return next_; }

private:
    unsigned cores_;
    instant looked_{};
    std::chrono::nanoseconds used_{};
    std::uint64_t messages_ = 0;
    double share_ = 0; // of all cores, of late
    double come_ = 0;  // messages within limits::drain_wait, of late
    std::chrono::nanoseconds wait_{};
    instant next_{};
};

} // namespace fenliu::transport
