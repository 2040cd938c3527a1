#include "routing/roster.hpp"

#include <map>

#include <gtest/gtest.h>

namespace fenliu::routing {
namespace {

agent_report available(std::string account, std::uint32_t load = 0, std::uint32_t cap = 1'000) {
    return {.account = std::move(account), .online = true, .load = load, .cap = cap};
}

TEST(roster, equal_agents_get_equal_numbers_of_new_buyers) {
    roster agents;
    std::map<std::string, agent_report> reports;
    for (const char* name : {"s:a", "s:b", "s:c"}) {
        reports[name] = available(name);
        agents.update(reports[name]);
    }
    for (int i = 0; i < 100; ++i) {
        const auto chosen = agents.best()->account;
        agents.charge(chosen, true);
        ++reports[chosen].load;
        agents.update(reports[chosen]);
    }
    EXPECT_EQ(reports["s:a"].load, 34U);
    EXPECT_EQ(reports["s:b"].load, 33U);
    EXPECT_EQ(reports["s:c"].load, 33U);
}

TEST(roster, a_late_login_is_not_flooded) {
    roster agents;
    agents.update(available("s:a"));
    for (int i = 0; i < 50; ++i)
        agents.charge(agents.best()->account, true);
    agents.update(available("s:late"));
    int late = 0;
    for (int i = 0; i < 10; ++i) {
        const auto chosen = agents.best()->account;
        late += chosen == "s:late";
        agents.charge(chosen, true);
    }
    EXPECT_EQ(late, 5);
}

TEST(roster, toggling_suspend_gains_no_credit) {
    roster agents;
    agents.update(available("s:a"));
    agents.update(available("s:b"));
    agents.charge("s:a", true);
    const double before = agents.credit("s:a");
    auto suspended = available("s:a");
    suspended.suspended = true;
    agents.update(suspended);
    EXPECT_DOUBLE_EQ(agents.credit("s:a"), before);
    agents.charge("s:b", true);
    EXPECT_DOUBLE_EQ(agents.credit("s:a"), before) << "credit accrues only while available";
    agents.update(available("s:a"));
    EXPECT_DOUBLE_EQ(agents.credit("s:a"), before);
}

TEST(roster, a_sticky_buyer_charges_its_receiver) {
    roster agents;
    agents.update(available("s:a"));
    agents.update(available("s:b"));
    agents.charge("s:a", true); // came to its recent contact
    EXPECT_EQ(agents.best()->account, "s:b");
}

TEST(roster, ties_go_to_the_lower_load_then_the_longer_idle_then_the_smaller_name) {
    roster agents;
    agents.update(available("s:a", 2, 4));
    agents.update(available("s:b", 1, 4));
    EXPECT_EQ(agents.best()->account, "s:b");
    auto idle = available("s:c", 1, 4);
    idle.idle_since = -5;
    agents.update(idle);
    EXPECT_EQ(agents.best()->account, "s:c");
    agents.update(available("s:A", 1, 4));
    idle.idle_since = 0;
    agents.update(idle);
    EXPECT_EQ(agents.best()->account, "s:A");
}

TEST(roster, full_suspended_absent_and_robot_agents_are_not_picked) {
    roster agents;
    agents.update(available("s:full", 1, 1));
    auto other = available("s:suspended");
    other.suspended = true;
    agents.update(other);
    other = available("s:off");
    other.participating = false;
    agents.update(other);
    other = available("s:robot");
    other.robot = true;
    agents.update(other);
    EXPECT_EQ(agents.best(), nullptr);
    EXPECT_EQ(agents.available(), 1U);
    EXPECT_EQ(agents.online(), 3U);
    EXPECT_EQ(agents.least_loaded()->account, "s:full");
}

TEST(roster, a_cap_of_zero_never_has_room_and_counts_as_full) {
    roster agents;
    agents.update(available("s:none", 0, 0));
    agents.update(available("s:full", 5, 5));
    EXPECT_EQ(agents.best(), nullptr);
    agents.update(available("s:some", 4, 5));
    EXPECT_EQ(agents.least_loaded()->account, "s:some");
}

TEST(roster, credit_and_clock_survive_a_restart) {
    roster before;
    before.update(available("s:a"));
    before.update(available("s:b"));
    for (int i = 0; i < 7; ++i)
        before.charge("s:a", true);
    roster after;
    after.restore_clock(before.clock());
    agent_report offline{.account = "s:a", .cap = 10};
    after.update(offline, before.credit("s:a"));
    after.update({.account = "s:b", .cap = 10}, before.credit("s:b"));
    after.update(available("s:a"));
    after.update(available("s:b"));
    EXPECT_DOUBLE_EQ(after.credit("s:a"), before.credit("s:a"));
    EXPECT_DOUBLE_EQ(after.credit("s:b"), before.credit("s:b"));
}

} // namespace
} // namespace fenliu::routing
