#include "transport/deadline_wheel.hpp"

#include <algorithm>

namespace fenliu::transport {

deadline_wheel::deadline_wheel(std::chrono::milliseconds step, instant now)
    : step_(std::max(step, std::chrono::milliseconds(1)))
    , start_(now) {}

std::uint64_t deadline_wheel::step_of(instant when) const noexcept {
    return when <= start_ ? 0 : static_cast<std::uint64_t>((when - start_) / step_);
}

void deadline_wheel::add(link_id link, instant when) {
    // The step after `when`'s: an entry is never run before its time.
    const std::uint64_t step = std::clamp(step_of(when) + 1, current_ + 1, current_ + slots - 1);
    slots_[step % slots].push_back(link);
    ++count_;
}

std::optional<instant> deadline_wheel::next() const noexcept {
    if (count_ == 0) return std::nullopt;
    std::uint64_t step = current_ + 1;
    while (slots_[step % slots].empty())
        ++step;
    return start_ + static_cast<std::chrono::milliseconds::rep>(step) * step_;
}

} // namespace fenliu::transport
