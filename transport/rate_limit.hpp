// A token bucket: so many a second on average, and what was not used for a while at once. Those that were refused are told times
// one after the other, so that they don't come back all at once to be refused again. Knows no clock; owned by what it limits.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "protocol/limits.hpp"
#include "transport/instant.hpp"

namespace fenliu::transport {

class rate_limit {
public:
    /// `per_s` above 0; of what is unused, `saved_s` seconds' worth is kept, and that much is there to begin with.
    rate_limit(std::uint32_t per_s, std::uint32_t saved_s, instant now) noexcept
        : per_s_(per_s)
        , full_(static_cast<double>(per_s) * saved_s)
        , left_(full_)
        , at_(now) {}

    /// Takes one; nothing if it may, else when to come back: when there is one that nobody was told of, but at most
    /// limits::told_ahead after the next one.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(instant now) noexcept {
        using std::chrono::milliseconds;
        const double passed = per_s_ * std::chrono::duration<double>(now - at_).count();
        left_ = std::min(full_, left_ + passed);
        told_ = std::max(told_ - passed, 0.0);
        at_ = now;
        if (left_ >= 1) {
            left_ -= 1;
            return std::nullopt;
        }
        const double next = 1 - left_, most = next + per_s_ * std::chrono::duration<double>(limits::told_ahead).count();
        told_ = std::min(told_ > 0 ? std::max(told_ + 1, next) : next, most);
        return std::chrono::ceil<milliseconds>(std::chrono::duration<double>(told_ / per_s_));
    }

private:
    double per_s_, full_, left_;
    double told_ = 0; // how many will have come by the last time that was told
    instant at_;
};

} // namespace fenliu::transport
