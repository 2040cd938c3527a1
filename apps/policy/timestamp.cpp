#include "apps/policy/timestamp.hpp"

#include <charconv>
#include <chrono>

namespace fenliu::apps::policy {

namespace {

/// Takes fixed parts off the front of a timestamp.
struct scanner {
    std::string_view rest;
    bool good = true;

    int digits(std::size_t count) {
        int value = 0;
        const auto part = rest.substr(0, count);
        const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), value);
        good = good && part.size() == count && code == std::errc() && end == part.data() + count && part.front() != '-';
        rest.remove_prefix(part.size());
        return value;
    }
    bool take(char wanted) {
        if (!rest.starts_with(wanted)) return false;
        rest.remove_prefix(1);
        return true;
    }
    void expect(char wanted) { good = take(wanted) && good; }
};

std::chrono::milliseconds read_fraction(scanner& text) {
    int value = 0;
    int scale = 100;
    while (!text.rest.empty() && text.rest.front() >= '0' && text.rest.front() <= '9') {
        value += (text.rest.front() - '0') * scale;
        scale /= 10;
        text.rest.remove_prefix(1);
    }
    return std::chrono::milliseconds(value);
}

} // namespace

std::optional<protocol::timestamp_ms> read_timestamp(std::string_view text) {
    using namespace std::chrono;
    scanner scan{text};
    const year year_read{scan.digits(4)};
    scan.expect('-');
    const month month_read{static_cast<unsigned>(scan.digits(2))};
    scan.expect('-');
    const year_month_day date{year_read, month_read, day{static_cast<unsigned>(scan.digits(2))}};
    scan.expect('T');
    const auto hour = scan.digits(2);
    scan.expect(':');
    const auto minute = scan.digits(2);
    scan.expect(':');
    const auto second = scan.digits(2);
    milliseconds at = sys_days{date}.time_since_epoch() + hours{hour} + minutes{minute} + seconds{second};
    if (scan.take('.')) at += read_fraction(scan);
    if (!scan.take('Z')) {
        const bool east = scan.take('+');
        if (!east) scan.expect('-');
        const auto offset_hours = scan.digits(2);
        scan.expect(':');
        const minutes offset = hours{offset_hours} + minutes{scan.digits(2)};
        at -= east ? offset : -offset;
    }
    if (!scan.good || !scan.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60) return {};
    return at.count();
}

} // namespace fenliu::apps::policy
