#include "routing/shop_zone.hpp"

#include <stdexcept>

#include <date/tz.h>

namespace fenliu::routing {
namespace {

constexpr std::int64_t china_offset_s = 8 * 3'600;
constexpr std::int64_t day_s = 86'400;

const date::time_zone* zone_of(std::string_view name) {
    try {
        return date::locate_zone(std::string{name});
    } catch (const std::runtime_error&) { // no such zone, or no tz database on this machine
        return nullptr;
    }
}

constexpr std::int64_t floor_div(std::int64_t value, std::int64_t by) noexcept { return value / by - (value % by < 0 ? 1 : 0); }

} // namespace

shop_zone::shop_zone()
    : zone_{nullptr} {}

std::optional<shop_zone> shop_zone::find(std::string_view name) {
    const auto* zone = zone_of(name);
    if (zone == nullptr && name == "Asia/Shanghai") return shop_zone{};
    return zone == nullptr ? std::nullopt : std::optional{shop_zone{zone}};
}

std::vector<std::string> shop_zone::names() {
    std::vector<std::string> names;
    try {
        for (const auto& each : date::get_tzdb().zones)
            names.push_back(each.name());
    } catch (const std::runtime_error&) { // no tz database on this machine
    }
    return names;
}

std::int64_t shop_zone::local_s(timestamp_ms at) const {
    const std::int64_t utc = floor_div(at, 1'000);
    if (zone_ == nullptr) return utc + china_offset_s;
    return utc + zone_->get_info(date::sys_seconds{std::chrono::seconds{utc}}).offset.count();
}

std::uint16_t shop_zone::minute_of_day(timestamp_ms at) const {
    const std::int64_t local = local_s(at);
    return static_cast<std::uint16_t>((local - floor_div(local, day_s) * day_s) / 60);
}

timestamp_ms shop_zone::next_month(timestamp_ms at) const {
    const date::year_month_day today{date::local_days{date::days{day(at)}}};
    const auto first = date::local_days{(today.year() / today.month() + date::months{1}) / 1};
    if (zone_ == nullptr) return (first.time_since_epoch().count() * day_s - china_offset_s) * 1'000;
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               zone_->to_sys(std::chrono::time_point_cast<std::chrono::seconds>(first), date::choose::earliest)
                   .time_since_epoch())
        .count();
}

std::int32_t shop_zone::day(timestamp_ms at) const { return static_cast<std::int32_t>(floor_div(local_s(at), day_s)); }

} // namespace fenliu::routing
