// What a load found. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "apps/load/histogram.hpp"

namespace fenliu::load {

/// One second of the measured time.
struct moment {
    double second = 0; ///< its end, from the begin of measuring
    std::uint64_t published = 0, acked = 0, delivered = 0;
    std::chrono::nanoseconds ack_p99{0}, delivery_p99{0};
};

struct figures {
    double seconds = 0;                                    ///< measured
    std::uint64_t published = 0, acked = 0, delivered = 0; ///< in that time
    std::uint64_t refused = 0;                             ///< from begin to end
    std::uint64_t missing = 0;                             ///< published from begin to end and never delivered
    std::uint64_t behind = 0;                              ///< open loop: due in the measured time and not published in it
    /// From when a message was due (open loop) or published (closed loop, every 16th) to its ack and to its delivery.
    histogram ack, delivery;
    std::vector<moment> moments;

    [[nodiscard]] double acked_per_s() const noexcept { return seconds > 0 ? static_cast<double>(acked) / seconds : 0; }
    [[nodiscard]] double delivered_per_s() const noexcept { return seconds > 0 ? static_cast<double>(delivered) / seconds : 0; }
};

} // namespace fenliu::load
