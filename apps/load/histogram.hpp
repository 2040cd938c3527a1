// Latencies by size, as HDR histograms keep them: 128 steps to each power of two, so a quantile is wrong by less than 1 %. One
// thread; a merge is how others' latencies come in.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

namespace fenliu::load {

class histogram {
public:
    /// Below zero counts as 0, above an hour as an hour.
    void add(std::chrono::nanoseconds latency) noexcept;
    void merge(const histogram& other) noexcept;
    void clear() noexcept { *this = {}; }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// The latency that `share` (0…1) of all do not exceed: the nearest rank's, at its step's upper end. 0 of nothing.
    [[nodiscard]] std::chrono::nanoseconds quantile(double share) const noexcept;
    [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return max_; }
    [[nodiscard]] std::chrono::nanoseconds mean() const noexcept;

private:
    static constexpr int step_bits = 7;
    static constexpr int largest_bits = 42; ///< 2^42 ns are over an hour
    static constexpr std::size_t steps = std::size_t{1} << step_bits;

    [[nodiscard]] static std::size_t place_of(std::uint64_t value) noexcept;
    [[nodiscard]] static std::uint64_t end_of(std::size_t place) noexcept;

    std::array<std::uint64_t, steps*(largest_bits - step_bits + 1)> counts_{};
    std::uint64_t count_ = 0;
    double sum_ = 0;
    std::chrono::nanoseconds max_{0};
};

} // namespace fenliu::load
