#include "routing/waiting_line.hpp"

#include <gtest/gtest.h>

namespace fenliu::routing {
namespace {

TEST(waiting_line, the_oldest_of_the_highest_class_is_next) {
    waiting_line line;
    line.join({1, 0, 100, {}});
    line.join({2, 0, 50, {}});
    line.join({3, 1, 200, {}});
    EXPECT_EQ(line.head()->number, 3U);
    EXPECT_TRUE(line.leave(3));
    EXPECT_EQ(line.head()->number, 2U);
    EXPECT_EQ(line.position(2), 1U);
    EXPECT_EQ(line.position(1), 2U);
    EXPECT_EQ(line.position(3), 0U);
}

TEST(waiting_line, who_waits_already_keeps_its_place) {
    waiting_line line;
    line.join({1, 0, 100, {}});
    line.join({2, 0, 200, {}});
    line.join({1, 0, 300, {}});
    EXPECT_EQ(line.size(), 2U);
    EXPECT_EQ(line.position(1), 1U);
}

TEST(waiting_line, a_slot_of_a_preferred_agent_goes_to_who_prefers_it_but_not_past_a_higher_class) {
    waiting_line line;
    line.join({1, 0, 100, {}});
    line.join({2, 0, 200, "s:amy"});
    EXPECT_EQ(line.next_for("s:amy")->number, 2U);
    EXPECT_EQ(line.next_for("s:bob")->number, 1U);
    line.join({3, 1, 300, {}});
    EXPECT_EQ(line.next_for("s:amy")->number, 3U);
}

TEST(waiting_line, the_estimate_follows_the_pace_of_slots) {
    waiting_line line;
    EXPECT_EQ(line.estimate_s(2), 120U);
    for (timestamp_ms now = 10'000; now < 1'000'000; now += 10'000)
        line.slot_given(now);
    EXPECT_EQ(line.estimate_s(3), 31U); // nearly 10 s a slot, rounded up
}

TEST(waiting_line, leaving_twice_is_told) {
    waiting_line line;
    line.join({1, 0, 100, "s:amy"});
    EXPECT_TRUE(line.leave(1));
    EXPECT_FALSE(line.leave(1));
    EXPECT_EQ(line.next_for("s:amy"), nullptr);
}

} // namespace
} // namespace fenliu::routing
