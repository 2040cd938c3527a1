// Windows of a day, and days of a shop.
#include <gtest/gtest.h>

#include "routing/daily_hours.hpp"
#include "routing/shop_zone.hpp"

namespace fenliu::routing {
namespace {

constexpr timestamp_ms hour = 3'600'000;

daily_hours hours(std::string_view text) { return daily_hours{{*parse_day_window(text)}}; }

TEST(daily_hours, a_window_includes_its_start_and_not_its_end) {
    const auto morning = hours("08:30-12:00");
    EXPECT_FALSE(morning.contain(8 * 60 + 29));
    EXPECT_TRUE(morning.contain(8 * 60 + 30));
    EXPECT_TRUE(morning.contain(11 * 60 + 59));
    EXPECT_FALSE(morning.contain(12 * 60));
}

TEST(daily_hours, a_window_may_go_over_midnight) {
    const auto night = hours("22:00-06:00");
    EXPECT_TRUE(night.contain(23 * 60));
    EXPECT_TRUE(night.contain(0));
    EXPECT_FALSE(night.contain(6 * 60));
    EXPECT_TRUE(hours("22:00-24:00").contain(23 * 60 + 59));
    EXPECT_FALSE(hours("22:00-24:00").contain(0));
}

TEST(daily_hours, no_windows_mean_always) { EXPECT_TRUE(daily_hours{}.contain(77)); }

TEST(daily_hours, what_is_no_window_is_refused) {
    for (const auto* text : {"", "8:00-12:00", "08:00-08:00", "25:00-26:00", "08:60-09:00", "24:00-08:00", "08:00–12:00",
                             "08:00-24:01", "ab:cd-ef:gh", "08:00-12:00 "})
        EXPECT_FALSE(parse_day_window(text)) << text;
    EXPECT_EQ(to_text(*parse_day_window("08:05-24:00")), "08:05-24:00");
}

TEST(daily_hours, overlaps_are_found_over_midnight_too) {
    const auto overlaps = [](const char* a, const char* b) { return overlap(*parse_day_window(a), *parse_day_window(b)); };
    EXPECT_TRUE(overlaps("08:00-12:00", "11:59-13:00"));
    EXPECT_FALSE(overlaps("08:00-12:00", "12:00-13:00"));
    EXPECT_TRUE(overlaps("22:00-06:00", "05:00-07:00"));
    EXPECT_FALSE(overlaps("22:00-06:00", "06:00-22:00"));
}

TEST(shop_zone, tells_the_day_and_minute_of_the_shop) {
    const auto shanghai = shop_zone::find("Asia/Shanghai").value();
    EXPECT_EQ(shanghai.minute_of_day(0), 8 * 60);
    EXPECT_EQ(shanghai.day(16 * hour - 1), 0);
    EXPECT_EQ(shanghai.day(16 * hour), 1);
    EXPECT_EQ(shop_zone{}.day(16 * hour), 1) << "without a name it is the same";
    EXPECT_EQ(shanghai.day(-9 * hour), -1);
}

TEST(shop_zone, follows_summer_time) {
    const auto berlin = shop_zone::find("Europe/Berlin").value();
    constexpr timestamp_ms last_second = 1'774'745'999'000; // 2026-03-29 00:59:59 UTC
    EXPECT_EQ(berlin.minute_of_day(last_second), 1 * 60 + 59);
    EXPECT_EQ(berlin.minute_of_day(last_second + 1'000), 3 * 60);
}

TEST(shop_zone, an_unknown_name_is_none) { EXPECT_FALSE(shop_zone::find("Asia/Atlantis")); }

} // namespace
} // namespace fenliu::routing
