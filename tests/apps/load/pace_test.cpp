#include <gtest/gtest.h>

#include "apps/load/pace.hpp"

namespace fenliu::load {
namespace {

using namespace std::chrono_literals;

TEST(pace, is_even_without_a_ramp) {
    const pace steady{1'000, 0s};
    for (std::uint64_t i = 0; i < 5'000; ++i)
        ASSERT_EQ(steady.when(i), i * 1ms);
}

TEST(pace, rises_steadily_to_the_rate) {
    const pace rising{1'000, 4s}; // 2,000 messages in the ramp
    EXPECT_EQ(rising.when(0), 0s);
    EXPECT_EQ(rising.when(500), 2s) << "a quarter of them in half the time";
    EXPECT_EQ(rising.when(2'000), 4s);
    EXPECT_EQ(rising.when(3'000), 5s);
    for (std::uint64_t i = 1; i < 3'000; ++i)
        ASSERT_LT(rising.when(i - 1), rising.when(i)) << i;
}

} // namespace
} // namespace fenliu::load
