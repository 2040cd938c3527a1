// A token bucket: so many a second on average, and what was not used for a while at once. Knows no clock; owned by what it
// limits.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

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

    /// Takes one; nothing if it may, else after how long there is one again.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(instant now) noexcept {
        left_ = std::min(full_, left_ + per_s_ * std::chrono::duration<double>(now - at_).count());
        at_ = now;
        if (left_ < 1) return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>((1 - left_) / per_s_));
        left_ -= 1;
        return std::nullopt;
    }

private:
    double per_s_, full_, left_;
    instant at_;
};

} // namespace fenliu::transport
