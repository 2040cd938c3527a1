#include <map>
#include <random>

#include <gtest/gtest.h>

#include "transport/deadline_wheel.hpp"

namespace fenliu::transport {
namespace {

using namespace std::chrono_literals;

constexpr instant start{};

std::vector<link_id> due(deadline_wheel& wheel, instant now) {
    std::vector<link_id> links;
    wheel.run(now, [&](link_id link) -> std::optional<instant> {
        links.push_back(link);
        return std::nullopt;
    });
    return links;
}

TEST(a_deadline_wheel, runs_nothing_before_its_time_and_everything_a_step_after) {
    deadline_wheel wheel(10ms, start);
    wheel.add(1, start + 25ms);
    EXPECT_TRUE(due(wheel, start + 25ms).empty());
    EXPECT_EQ(due(wheel, start + 35ms), std::vector<link_id>{1});
    EXPECT_TRUE(due(wheel, start + 1s).empty());
}

TEST(a_deadline_wheel, names_the_next_moment) {
    deadline_wheel wheel(10ms, start);
    EXPECT_FALSE(wheel.next());
    wheel.add(1, start + 300ms);
    wheel.add(2, start + 42ms);
    ASSERT_TRUE(wheel.next());
    EXPECT_EQ(*wheel.next(), start + 50ms);
    EXPECT_EQ(due(wheel, *wheel.next()), std::vector<link_id>{2});
}

TEST(a_deadline_wheel, looks_at_its_horizon_at_what_is_further_away) {
    deadline_wheel wheel(10ms, start);
    wheel.add(1, start + 1h);
    EXPECT_EQ(due(wheel, start + 640ms), std::vector<link_id>{1});
}

TEST(a_deadline_wheel, finds_everything_after_a_long_pause) {
    deadline_wheel wheel(10ms, start);
    for (link_id link = 1; link <= 60; ++link)
        wheel.add(link, start + link * 10ms);
    EXPECT_EQ(due(wheel, start + 1h).size(), 60u);
    wheel.add(7, start + 1h + 5ms);
    EXPECT_EQ(due(wheel, start + 1h + 20ms), std::vector<link_id>{7});
}

TEST(a_deadline_wheel, looks_again_when_told) {
    deadline_wheel wheel(10ms, start);
    wheel.add(1, start + 10ms);
    int looks = 0;
    for (instant now = start; now < start + 1s; now += 3ms)
        wheel.run(now, [&](link_id) -> std::optional<instant> {
            ++looks;
            return now + 100ms;
        });
    EXPECT_GE(looks, 8);
    EXPECT_LE(looks, 10);
}

} // namespace
} // namespace fenliu::transport
