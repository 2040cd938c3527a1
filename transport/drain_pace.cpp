#include "transport/drain_pace.hpp"

#include <algorithm>
#include <utility>

#include "protocol/limits.hpp"

namespace fenliu::transport {

using seconds = std::chrono::duration<double>;

bool drain_pace::looks(instant now) const noexcept { return now >= looked_ + limits::drain_look; }

void drain_pace::look(instant now, std::chrono::nanoseconds used, std::uint64_t messages) noexcept {
    const bool first = looked_ == instant{};
    const seconds time = now - std::exchange(looked_, now);
    const seconds taken = used - std::exchange(used_, used);
    const auto read = static_cast<double>(messages - std::exchange(messages_, messages));
    if (first) return;
    share_ = (share_ + taken / (time * cores_)) / 2;
    const double need = (share_ - limits::drain_share) / (limits::drain_share_full - limits::drain_share);
    const seconds enough = time * (limits::drain_messages / std::max(read, 1.0));
    wait_ = std::chrono::duration_cast<std::chrono::nanoseconds>(std::min<seconds>(enough, limits::drain_wait) *
                                                                 std::clamp(need, 0.0, 1.0));
}

} // namespace fenliu::transport
