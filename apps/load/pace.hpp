// When the messages of an open loop are due. Whoever is late publishes at once and counts from when it was due: what a stalled
// broker keeps from being sent is part of its latency (no coordinated omission).
#pragma once

#include <chrono>
#include <cstdint>

namespace fenliu::load {

class pace {
public:
    using nanoseconds = std::chrono::nanoseconds;

    /// `rate` a second from `ramp` on, rising steadily from 0 before.
    pace(double rate, nanoseconds ramp) noexcept;

    /// When message `index` (from 0) is due, from the begin.
    [[nodiscard]] nanoseconds when(std::uint64_t index) const noexcept;

private:
    double rate_, ramp_; // a second, and seconds
};

} // namespace fenliu::load
