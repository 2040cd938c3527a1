#include "apps/load/pace.hpp"

#include <cmath>

namespace fenliu::load {

pace::pace(double rate, nanoseconds ramp) noexcept
    : rate_(rate)
    , ramp_(std::chrono::duration<double>(ramp).count()) {}

pace::nanoseconds pace::when(std::uint64_t index) const noexcept {
    const auto number = static_cast<double>(index);
    const double in_ramp = rate_ * ramp_ / 2;
    const double time = number < in_ramp ? std::sqrt(2 * ramp_ * number / rate_) : number / rate_ + ramp_ / 2;
    return std::chrono::round<nanoseconds>(std::chrono::duration<double>(time));
}

} // namespace fenliu::load
