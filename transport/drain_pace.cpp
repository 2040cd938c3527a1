#include "transport/drain_pace.hpp"

#include <algorithm>
#include <utility>

#include "protocol/limits.hpp"

namespace fenliu::transport {

bool drain_pace::looks(instant now) const noexcept { return now >= looked_ + limits::drain_look; }

void drain_pace::look(instant now, std::chrono::nanoseconds used, std::uint64_t messages) noexcept {
    using seconds = std::chrono::duration<double>;
    const bool first = looked_ == instant{};
    const seconds time = now - std::exchange(looked_, now);
    const seconds taken = used - std::exchange(used_, used);
    const auto read = static_cast<double>(messages - std::exchange(messages_, messages));
    if (first) return;
    share_ = (share_ + taken / (time * cores_)) / 2;
    come_ = (come_ + read * (seconds{limits::drain_wait} / time)) / 2;
    const double need = (share_ - limits::drain_share) / (limits::drain_share_full - limits::drain_share);
    const double enough = limits::drain_messages / std::max(come_, limits::drain_messages);
    wait_ =
        std::chrono::duration_cast<std::chrono::nanoseconds>(seconds{limits::drain_wait} * enough * std::clamp(need, 0.0, 1.0));
    if (wait_ < limits::drain_wait_least) wait_ = {};
}

} // namespace fenliu::transport
