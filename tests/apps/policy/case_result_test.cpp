#include "apps/policy/case_result.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::policy {
namespace {

TEST(case_result, equal_outcomes_have_no_difference) {
    const told_outcome outcome{"RECENT", {"OWNER_OFFLINE_REROUTE"}, "acme:amy", {}, told_prompt{"a", "b"}};
    EXPECT_TRUE(compare(outcome, outcome).empty());
}

TEST(case_result, differences_are_told_field_by_field) {
    const told_outcome expected{"FALLBACK_MAIN", {"NONE_ONLINE", "X"}, "acme", {"PRIORITY_FAILED"}, {}};
    const told_outcome got{"RECENT", {}, "", {}, told_prompt{"优先接待生效", "已安排优先接待"}};
    std::string text;
    for (const auto& [field, wanted, other] : compare(expected, got))
        text += field + ": expected " + wanted + ", got " + other + "\n";
    EXPECT_EQ(text, "reason: expected FALLBACK_MAIN, got RECENT\n"
                    "causes: expected NONE_ONLINE, X, got none\n"
                    "agent: expected acme, got none\n"
                    "also: expected PRIORITY_FAILED, got none\n"
                    "prompt: expected none, got 优先接待生效 / 已安排优先接待\n");
}

TEST(case_result, the_order_of_causes_counts) {
    const told_outcome one{"QUEUED", {"A", "B"}, "", {}, {}}, other{"QUEUED", {"B", "A"}, "", {}, {}};
    ASSERT_EQ(compare(one, other).size(), 1U);
    EXPECT_EQ(compare(one, other)[0].field, "causes");
}

} // namespace
} // namespace fenliu::apps::policy
