// The two clocks of a run: a steady one that only goes on, and a wall clock that somebody may set. A value; the world turns it.
#pragma once

#include <chrono>

#include "routing/record.hpp"
#include "transport/instant.hpp"

namespace fenliu::simulation {

using routing::timestamp_ms;

class virtual_time {
public:
    [[nodiscard]] timestamp_ms steady() const noexcept { return steady_; }
    [[nodiscard]] timestamp_ms wall() const noexcept { return steady_ + wall_ahead_; }
    /// The steady clock, as transport reckons.
    [[nodiscard]] transport::instant instant() const noexcept {
        return transport::instant{} + std::chrono::milliseconds{steady_};
    }
    void pass(timestamp_ms time) noexcept { steady_ += time; }
    void set_wall(timestamp_ms by) noexcept { wall_ahead_ += by; }

private:
    timestamp_ms steady_ = 3'600'000;
    timestamp_ms wall_ahead_ = 1'766'000'000'000;
};

[[nodiscard]] inline timestamp_ms steady_ms(transport::instant at) noexcept {
    return std::chrono::ceil<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

} // namespace fenliu::simulation
