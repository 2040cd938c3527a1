#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "apps/load/histogram.hpp"

namespace fenliu::load {
namespace {

using namespace std::chrono_literals;

TEST(histogram, of_nothing_is_zero) {
    const histogram none;
    EXPECT_EQ(none.count(), 0U);
    EXPECT_EQ(none.quantile(0.99), 0ns);
    EXPECT_EQ(none.max(), 0ns);
    EXPECT_EQ(none.mean(), 0ns);
}

TEST(histogram, is_within_a_hundredth_of_the_sorted_values) {
    std::mt19937_64 random{7};
    std::lognormal_distribution<double> latencies{13, 3}; // microseconds to minutes
    histogram found;
    std::vector<std::int64_t> values;
    for (int i = 0; i < 20'000; ++i) {
        values.push_back(static_cast<std::int64_t>(latencies(random)));
        found.add(std::chrono::nanoseconds{values.back()});
    }
    std::ranges::sort(values);
    for (const double share : {0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
        const auto exact = static_cast<double>(values[std::max<std::size_t>(rank, 1) - 1]);
        EXPECT_NEAR(static_cast<double>(found.quantile(share).count()), exact, exact / 100 + 1) << share;
    }
    EXPECT_EQ(found.max().count(), values.back());
    EXPECT_EQ(found.quantile(1), found.max());
}

TEST(histogram, keeps_what_is_below_and_above_its_range) {
    histogram found;
    found.add(-5s);
    found.add(100h);
    EXPECT_EQ(found.count(), 2U);
    EXPECT_EQ(found.quantile(0.5), 0ns);
    EXPECT_GT(found.max(), 1h);
}

TEST(histogram, merged_is_as_if_all_had_been_added_to_one) {
    histogram left, right, both;
    for (int i = 1; i < 1'000; ++i) {
        const auto latency = std::chrono::microseconds{i * i};
        (i % 3 == 0 ? left : right).add(latency);
        both.add(latency);
    }
    left.merge(right);
    EXPECT_EQ(left.count(), both.count());
    EXPECT_EQ(left.mean(), both.mean());
    for (double share = 0; share <= 1; share += 0.05)
        EXPECT_EQ(left.quantile(share), both.quantile(share)) << share;
}

} // namespace
} // namespace fenliu::load
