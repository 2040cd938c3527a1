// A shop's calendar: which minute and which day it is there (R20, R21, R35). IANA zones with their changes of offset come from
// the system's tz database through Howard Hinnant's date library. Immutable; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routing/record.hpp"

namespace date {
class time_zone;
}

namespace fenliu::routing {

class shop_zone {
public:
    /// Asia/Shanghai, where the rules come from.
    shop_zone();
    /// Nothing for a name the tz database doesn't have, or when it has none at all.
    [[nodiscard]] static std::optional<shop_zone> find(std::string_view name);
    /// Every name the tz database has.
    [[nodiscard]] static std::vector<std::string> names();

    /// Minutes since the day began, by the clock on the wall: 0…1439.
    [[nodiscard]] std::uint16_t minute_of_day(timestamp_ms at) const;
    /// Days since 1970-01-01 in the shop's calendar: instants of one shop day have one number.
    [[nodiscard]] std::int32_t day(timestamp_ms at) const;
    /// The first instant after `at` at which a month begins there.
    [[nodiscard]] timestamp_ms next_month(timestamp_ms at) const;
    /// The first instant after `at` at which another minute-of-day window can begin or end: the next full minute.
    [[nodiscard]] static timestamp_ms next_minute(timestamp_ms at) noexcept { return (at / 60'000 + 1) * 60'000; }

private:
    explicit shop_zone(const date::time_zone* zone) noexcept
        : zone_{zone} {}
    [[nodiscard]] std::int64_t local_s(timestamp_ms at) const;

    const date::time_zone* zone_; ///< null: UTC+8 without a database
};

} // namespace fenliu::routing
