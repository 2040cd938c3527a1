#include "routing/daily_hours.hpp"

namespace fenliu::routing {
namespace {

constexpr std::uint16_t minutes_of_day = 24 * 60;

std::optional<std::uint16_t> minute(std::string_view text) noexcept {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : -100; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const int hours = digit(0) * 10 + digit(1), minutes = digit(3) * 10 + digit(4);
    if (hours < 0 || minutes < 0 || minutes > 59) return std::nullopt;
    const int all = hours * 60 + minutes;
    return all <= minutes_of_day ? std::optional{static_cast<std::uint16_t>(all)} : std::nullopt;
}

std::string to_text(std::uint16_t minute) {
    const auto two = [](int value) {
        return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
    };
    return two(minute / 60) + ":" + two(minute % 60);
}

bool contains(day_window window, std::uint16_t at) noexcept {
    return window.from < window.to ? window.from <= at && at < window.to : window.from <= at || at < window.to;
}

} // namespace

std::optional<day_window> parse_day_window(std::string_view text) noexcept {
    if (text.size() != 11 || text[5] != '-') return std::nullopt;
    const auto from = minute(text.substr(0, 5)), to = minute(text.substr(6));
    if (!from || !to || *from == *to || *from == minutes_of_day) return std::nullopt;
    return day_window{*from, *to};
}

std::string to_text(day_window window) { return to_text(window.from) + "-" + to_text(window.to); }

bool overlap(day_window left, day_window right) noexcept { return contains(left, right.from) || contains(right, left.from); }

bool daily_hours::contain(std::uint16_t minute_of_day) const noexcept {
    for (const auto window : windows_)
        if (contains(window, minute_of_day)) return true;
    return windows_.empty();
}

} // namespace fenliu::routing
