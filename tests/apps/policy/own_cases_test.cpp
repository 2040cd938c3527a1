// The project's own cases: each passes, and together they reach every outcome that a decision can have.
#include <set>

#include <gtest/gtest.h>

#include "tests/apps/policy/checking.hpp"

namespace fenliu::apps::policy {
namespace {

std::vector<placed_case> own_cases() { return cases_in(FENLIU_OWN_CASES); }

/// The outcomes of all cases that can be evaluated.
std::vector<told_outcome> outcomes() {
    std::vector<told_outcome> all;
    for (const auto& each : own_cases())
        if (const auto* given = std::get_if<routing_case>(&each.read))
            if (auto got = evaluate(*given); std::holds_alternative<told_outcome>(got))
                all.push_back(std::get<told_outcome>(std::move(got)));
    return all;
}

TEST(own_cases, all_pass) {
    ASSERT_FALSE(own_cases().empty());
    for (const auto& each : own_cases())
        expect_passed(each);
}

TEST(own_cases, each_has_a_name_of_its_own) {
    std::set<std::string> seen;
    for (const auto& each : own_cases())
        EXPECT_TRUE(seen.insert(std::get<routing_case>(each.read).id).second) << "line " << each.line;
}

TEST(own_cases, every_reason_and_every_cause_occurs) {
    using routing::reason;
    // The session answers a repeat itself; the others come from timers and commands.
    const std::set<reason> elsewhere{reason::none,          reason::duplicate,          reason::wait_reassign,
                                     reason::wait_escalate, reason::pool_redistributed, reason::forward_rejected,
                                     reason::picked,        reason::manual_assign};
    std::set<std::string> met;
    for (const auto& each : outcomes()) {
        met.insert(each.reason);
        met.insert(each.causes.begin(), each.causes.end());
        met.insert(each.also.begin(), each.also.end());
    }
    for (int value = 0; value < 256; ++value) {
        const auto each = static_cast<reason>(value);
        if (name(each).empty() || elsewhere.contains(each)) continue;
        EXPECT_TRUE(met.contains(std::string(name(each)))) << name(each);
    }
}

TEST(own_cases, every_prompt_occurs_under_both_titles) {
    std::set<std::pair<std::string, std::string>> met;
    for (const auto& each : outcomes())
        if (each.prompt) met.emplace(each.prompt->title, each.prompt->body);
    for (const auto* title : {"会员专属客服", "优先接待生效"})
        for (const auto* body : {"已跳过排队直连人工", "已跳过机器人直连人工", "已安排优先接待"})
            EXPECT_TRUE(met.contains({title, body})) << title << " / " << body;
    EXPECT_EQ(met.size(), 6U);
}

} // namespace
} // namespace fenliu::apps::policy
