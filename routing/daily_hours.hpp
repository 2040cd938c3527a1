// Windows of a day, as groups, shifts and time windows name them (R30, R35): `HH:MM-HH:MM`, the start included, the end not. A
// window whose end lies before its start goes over midnight. Pure values; which minute of the shop's day it is, `shop_zone`
// tells.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenliu::routing {

/// Minutes since midnight, 0…1440; `from == to` is no window.
struct day_window {
    std::uint16_t from = 0, to = 0;
    friend bool operator==(const day_window&, const day_window&) = default;
};

/// `08:30-18:00`; the end may be 24:00. Nothing for anything else, also where start and end are the same.
[[nodiscard]] std::optional<day_window> parse_day_window(std::string_view text) noexcept;
[[nodiscard]] std::string to_text(day_window window);
/// Whether two windows have a minute in common.
[[nodiscard]] bool overlap(day_window left, day_window right) noexcept;

class daily_hours {
public:
    daily_hours() = default;
    explicit daily_hours(std::vector<day_window> windows)
        : windows_{std::move(windows)} {}

    /// Without windows, always.
    [[nodiscard]] bool contain(std::uint16_t minute_of_day) const noexcept;
    [[nodiscard]] const std::vector<day_window>& windows() const noexcept { return windows_; }
    [[nodiscard]] bool empty() const noexcept { return windows_.empty(); }
    friend bool operator==(const daily_hours&, const daily_hours&) = default;

private:
    std::vector<day_window> windows_;
};

} // namespace fenliu::routing
