#include "transport/receipts.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "protocol/limits.hpp"

namespace fenliu::transport {

namespace {

constexpr std::uint64_t word_bits = 64;
constexpr std::uint64_t overrun_windows = limits::window_overrun / limits::window;

} // namespace

standing receipts::count() noexcept {
    ++received_;
    const std::uint64_t ahead = received_ - acknowledged_;
    if (ahead <= window_) return standing::within;
    return ahead <= overrun_windows * window_ ? standing::over : standing::overrun;
}

void receipts::processed(std::uint64_t first, std::uint64_t last) {
    assert(first > contiguous_ && first <= last && last <= received_);
    if (first != contiguous_ + 1) {
        keep_early(first, last);
        return;
    }
    contiguous_ = last;
    while (contiguous_ < highest_early_ && take_early(contiguous_ + 1))
        ++contiguous_;
}

bool receipts::take_early(std::uint64_t number) noexcept {
    std::uint64_t& word = early_[number / word_bits % early_.size()];
    const std::uint64_t bit = std::uint64_t{1} << number % word_bits;
    const bool there = (word & bit) != 0;
    word &= ~bit;
    return there;
}

void receipts::keep_early(std::uint64_t first, std::uint64_t last) {
    if (early_.size() * word_bits < received_ - contiguous_) grow();
    for (std::uint64_t number = first; number <= last; ++number)
        early_[number / word_bits % early_.size()] |= std::uint64_t{1} << number % word_bits;
    highest_early_ = std::max(highest_early_, last);
}

void receipts::grow() {
    std::vector<std::uint64_t> wider(std::bit_ceil((received_ - contiguous_ + word_bits - 1) / word_bits));
    for (std::uint64_t number = contiguous_ + 1; number <= highest_early_; ++number)
        if (take_early(number)) wider[number / word_bits % wider.size()] |= std::uint64_t{1} << number % word_bits;
    early_ = std::move(wider);
}

void receipts::release() {
    if (all_processed()) early_ = {};
}

} // namespace fenliu::transport
