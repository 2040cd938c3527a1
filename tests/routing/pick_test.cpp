// The pick among a group's agents: credits by candidate set and weight (R14, R33), the other strategies, shifts, and the counts
// of why agents are no candidates.
#include <map>

#include <gtest/gtest.h>

#include "routing/roster.hpp"

namespace fenliu::routing {
namespace {

class pick : public testing::Test {
protected:
    pick() {
        for (const auto& [id, members] :
             std::map<std::string, std::vector<std::string>>{{"left", {"s:a", "s:b"}}, {"right", {"s:b", "s:c"}}}) {
            group made;
            made.id = id;
            made.members = members;
            rules.groups.push_back(made);
        }
    }
    void join(const std::string& account, std::uint32_t load = 0, std::uint32_t cap = 1'000) {
        reports[account] = {.account = account, .online = true, .load = load, .cap = cap};
        agents.update(reports[account]);
    }
    void join_all() {
        agents.set_policy(std::make_shared<const compiled_policy>(rules));
        for (const auto* account : {"s:a", "s:b", "s:c"})
            join(account);
    }
    std::string give(roster::candidates among = {}) {
        const auto chosen = agents.best(among)->account;
        agents.charge(chosen, true, among);
        ++reports[chosen].load;
        agents.update(reports[chosen]);
        return chosen;
    }
    std::uint32_t load(const char* account) { return reports[account].load; }

    policy rules;
    roster agents;
    std::map<std::string, agent_report> reports;
};

constexpr roster::candidates left{0}, right{1};

TEST_F(pick, a_group_takes_its_own_members_only) {
    join_all();
    for (int i = 0; i < 10; ++i)
        EXPECT_NE(give(left), "s:c");
    EXPECT_EQ(load("s:a"), 5U);
    EXPECT_EQ(load("s:b"), 5U);
}

TEST_F(pick, gains_go_to_the_candidate_set_of_the_buyer) {
    join_all();
    agents.charge("s:b", true, right);
    EXPECT_DOUBLE_EQ(agents.credit("s:a"), 0);
    EXPECT_DOUBLE_EQ(agents.credit("s:b"), -0.5);
    EXPECT_DOUBLE_EQ(agents.credit("s:c"), 0.5);
    agents.charge("s:a", true);
    EXPECT_DOUBLE_EQ(agents.credit("s:c"), 0.5 + 1.0 / 3);
}

TEST_F(pick, credits_always_sum_to_what_they_were) {
    join_all();
    for (int i = 0; i < 300; ++i)
        give(i % 3 == 0 ? roster::candidates{} : i % 3 == 1 ? left : right);
    EXPECT_NEAR(agents.credit("s:a") + agents.credit("s:b") + agents.credit("s:c"), 0, 1e-9);
}

TEST_F(pick, weights_divide_new_buyers) {
    rules.agents = {{"s:a", 3, {}}};
    join_all();
    for (int i = 0; i < 500; ++i)
        give();
    EXPECT_NEAR(load("s:a"), 300, 1);
    EXPECT_NEAR(load("s:b"), 100, 1);
}

TEST_F(pick, an_overworked_agent_drops_out_while_others_remain) {
    rules.overwork_percent = 80;
    join_all();
    join("s:a", 8, 10);
    agents.charge("s:b", false);
    agents.charge("s:c", false);
    EXPECT_EQ(agents.best()->account, "s:b") << "though a has the highest credit";
    join("s:b", 10, 10);
    join("s:c", 10, 10);
    EXPECT_EQ(agents.best()->account, "s:a");
}

TEST_F(pick, strategies_of_a_group_order_otherwise) {
    rules.groups[0].members = rules.groups[1].members = {"s:a", "s:b", "s:c"};
    rules.groups[0].strategy = pick_strategy::round_robin;
    rules.groups[1].strategy = pick_strategy::longest_idle;
    join_all();
    std::string order;
    for (int i = 0; i < 4; ++i)
        order += give(left).back();
    EXPECT_EQ(order, "abca");
    reports["s:c"].idle_since = -5;
    agents.update(reports["s:c"]);
    EXPECT_EQ(agents.best(right)->account, "s:c");
}

TEST_F(pick, least_load_has_room_if_anybody_has) {
    rules.groups[0].strategy = pick_strategy::least_load;
    join_all();
    join("s:a", 3, 4);
    join("s:b", 2, 2);
    EXPECT_EQ(agents.best(left)->account, "s:a");
    join("s:a", 4, 4);
    EXPECT_EQ(agents.best(left), nullptr);
}

TEST_F(pick, a_new_policy_keeps_the_credits) {
    join_all();
    for (int i = 0; i < 10; ++i)
        give(left);
    give();
    const double before = agents.credit("s:b");
    rules.groups.pop_back();
    agents.set_policy(std::make_shared<const compiled_policy>(rules));
    EXPECT_DOUBLE_EQ(agents.credit("s:b"), before);
    EXPECT_NE(agents.best(left), nullptr);
}

TEST_F(pick, counts_at_which_condition_agents_fail_first) {
    join_all();
    join("s:a", 5, 5);
    reports["s:b"].suspended = reports["s:b"].on_shift = false;
    reports["s:b"].participating = false;
    agents.update(reports["s:b"]);
    const auto count = [&](failing which, roster::candidates among = {}) {
        return agents.count_failing(among)[static_cast<std::size_t>(which)];
    };
    EXPECT_EQ(count(failing::none), 1U);
    EXPECT_EQ(count(failing::room), 1U);
    EXPECT_EQ(count(failing::participation), 1U);
    EXPECT_EQ(count(failing::participation, right), 1U);
    EXPECT_EQ(count(failing::room, right), 0U);
}

TEST_F(pick, an_agent_off_its_shift_is_not_available) {
    join_all();
    reports["s:a"].on_shift = false;
    agents.update(reports["s:a"]);
    EXPECT_EQ(agents.available(), 2U);
    EXPECT_EQ(agents.online_participating(), 3U);
}

} // namespace
} // namespace fenliu::routing
