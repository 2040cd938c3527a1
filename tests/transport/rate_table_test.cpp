#include "transport/rate_table.hpp"

#include <gtest/gtest.h>

namespace fenliu::transport {
namespace {

using namespace std::chrono_literals;

TEST(rate_table, so_many_a_second_and_a_seconds_worth_at_once) {
    rate_table table{10, 1, 100};
    instant now{};
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(table.take("shop", now));
    EXPECT_EQ(table.take("shop", now), 100ms);
    now += 100ms;
    EXPECT_FALSE(table.take("shop", now));
    EXPECT_TRUE(table.take("shop", now));
    now += 1h;
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(table.take("shop", now));
    EXPECT_TRUE(table.take("shop", now));
}

TEST(rate_table, whoever_waits_as_long_as_it_was_told_may_go_on) {
    rate_table table{7, 1, 100};
    instant now{};
    for (int i = 0; i < 10'000; ++i)
        if (const auto wait = table.take("shop", now)) {
            now += *wait;
            EXPECT_FALSE(table.take("shop", now));
        }
}

TEST(rate_table, those_who_were_refused_are_told_times_one_after_the_other) {
    rate_table table{10, 1, 100};
    instant now{};
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(table.take("shop", now));
    EXPECT_EQ(table.take("shop", now), 100ms);
    EXPECT_EQ(table.take("shop", now), 200ms);
    now += 40ms;
    EXPECT_EQ(table.take("shop", now), 260ms);
    now += 260ms;
    EXPECT_FALSE(table.take("shop", now));
}

TEST(rate_table, a_flood_of_refused_ones_is_told_a_bounded_time_and_forgotten_after_it) {
    rate_table table{10, 1, 100};
    instant now{};
    for (int i = 0; i < 100'000; ++i)
        EXPECT_LE(table.take("shop", now).value_or(0ms), 1'100ms);
    now += 1'100ms;
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(table.take("shop", now));
    EXPECT_EQ(table.take("shop", now), 100ms);
}

TEST(rate_table, one_shop_takes_nothing_from_another) {
    rate_table table{1, 1, 100};
    EXPECT_FALSE(table.take("a", {}));
    EXPECT_TRUE(table.take("a", {}));
    EXPECT_FALSE(table.take("b", {}));
}

TEST(rate_table, it_is_bounded_and_forgets_who_was_quiet_for_longest) {
    rate_table table{1, 1, 2};
    EXPECT_FALSE(table.take("a", {}));
    EXPECT_FALSE(table.take("b", {}));
    EXPECT_TRUE(table.take("a", {}));
    EXPECT_FALSE(table.take("c", {}));
    EXPECT_EQ(table.names(), 2U);
    EXPECT_TRUE(table.take("a", {})) << "b made room";
}

TEST(rate_table, a_rate_of_zero_is_no_limit) {
    rate_table table{0, 1, 2};
    for (int i = 0; i < 1'000; ++i)
        EXPECT_FALSE(table.take("a", {}));
    EXPECT_EQ(table.names(), 0U);
}

} // namespace
} // namespace fenliu::transport
