#include "apps/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fenliu::load {

std::size_t histogram::place_of(std::uint64_t value) noexcept {
    if (value < steps) return static_cast<std::size_t>(value);
    const int shift = std::bit_width(value) - 1 - step_bits; // the leading bit, then the steps within its power
    return static_cast<std::size_t>(value >> shift) + steps * static_cast<std::size_t>(shift);
}

std::uint64_t histogram::end_of(std::size_t place) noexcept {
    if (place < steps) return place;
    const std::size_t shift = place / steps - 1;
    return ((place - steps * shift + 1) << shift) - 1;
}

void histogram::add(std::chrono::nanoseconds latency) noexcept {
    constexpr std::int64_t largest = (std::int64_t{1} << largest_bits) - 1;
    const auto value = std::clamp<std::int64_t>(latency.count(), 0, largest);
    ++counts_[place_of(static_cast<std::uint64_t>(value))];
    ++count_;
    sum_ += static_cast<double>(value);
    max_ = std::max(max_, std::chrono::nanoseconds{value});
}

void histogram::merge(const histogram& other) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i)
        counts_[i] += other.counts_[i];
    count_ += other.count_;
    sum_ += other.sum_;
    max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds histogram::quantile(double share) const noexcept {
    const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
    std::uint64_t below = 0;
    for (std::size_t place = 0; place < counts_.size(); ++place)
        if (below += counts_[place]; below >= rank)
            return std::min(max_, std::chrono::nanoseconds{static_cast<std::int64_t>(end_of(place))});
    return max_;
}

std::chrono::nanoseconds histogram::mean() const noexcept {
    return std::chrono::nanoseconds{count_ == 0 ? 0 : static_cast<std::int64_t>(sum_ / static_cast<double>(count_))};
}

} // namespace fenliu::load
