#include "routing/patience.hpp"

#include <gtest/gtest.h>

namespace fenliu::routing {
namespace {

using steps = std::vector<std::pair<timestamp_ms, overdue>>;

steps deadlines(const policy& rules, bool after_sales, reason placed_by) {
    steps all;
    overdue_set passed;
    while (const auto due = next_deadline(rules, after_sales, placed_by, passed)) {
        all.emplace_back(due->after_ms, due->what);
        passed.set(static_cast<std::size_t>(due->what));
    }
    return all;
}

TEST(patience, deadlines_come_in_order_of_time) {
    policy rules;
    EXPECT_EQ(deadlines(rules, true, reason::assigned_any),
              (steps{{100'000, overdue::slow_reply}, {180'000, overdue::wait}, {300'000, overdue::after_sales}}));
    rules.wait_threshold_s = 50;
    EXPECT_EQ(deadlines(rules, false, reason::assigned_any), (steps{{50'000, overdue::wait}, {100'000, overdue::slow_reply}}));
    rules.wait_threshold_s = 100;
    EXPECT_EQ(deadlines(rules, false, reason::assigned_any), (steps{{100'000, overdue::slow_reply}, {100'000, overdue::wait}}));
}

TEST(patience, what_was_told_is_not_told_again_when_the_policy_changes) {
    policy rules;
    overdue_set passed;
    passed.set(static_cast<std::size_t>(overdue::slow_reply));
    rules.wait_threshold_s = 50; // by now before the slow reply
    EXPECT_EQ(next_deadline(rules, false, reason::assigned_any, passed)->what, overdue::wait);
    passed.set(static_cast<std::size_t>(overdue::wait));
    EXPECT_FALSE(next_deadline(rules, false, reason::assigned_any, passed));
}

TEST(patience, zero_switches_a_deadline_off) {
    policy rules;
    rules.slow_reply_s = rules.wait_threshold_s = rules.after_sales_reply_s = 0;
    EXPECT_EQ(deadlines(rules, true, reason::assigned_any), steps{});
}

TEST(patience, what_is_private_addressed_or_stored_waits_for_nobody_else) {
    for (const auto why :
         {reason::private_main, reason::direct, reason::direct_offline_stored, reason::fallback_main, reason::manual_assign})
        EXPECT_EQ(deadlines({}, false, why), (steps{{100'000, overdue::slow_reply}})) << name(why);
}

} // namespace
} // namespace fenliu::routing
