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
    now += 40ms;
    EXPECT_EQ(table.take("shop", now), 60ms);
    now += 60ms;
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
