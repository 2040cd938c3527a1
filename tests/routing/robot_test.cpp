// Robots: off, first, after people, for a share, for a group; and how a buyer gets away from one.
#include "tests/routing/decision_fixture.hpp"

namespace fenliu::routing {
namespace {

class robot : public decision {
protected:
    robot() { rules.robot = robot_mode::first; }
    void nobody() {
        join({.account = "acme:amy", .online = false});
        join({.account = "acme:bob", .online = false});
    }
    void all_full() {
        join({.account = "acme:amy", .online = true, .load = 2});
        join({.account = "acme:bob", .online = true, .load = 2});
    }
};

TEST_F(robot, comes_first_unless_a_person_is_asked_for_or_in_need) {
    EXPECT_EQ(decide().outcome, outcome::robot);
    EXPECT_EQ(decide().reason, reason::robot_first);
    for (const auto* words : {"转人工", "我要退款"}) {
        request.text = words;
        EXPECT_EQ(decide().reason, reason::assigned_any) << words;
    }
}

TEST_F(robot, keeps_its_session_until_the_buyer_is_handed_off) {
    request.state = conversation_state::robot;
    EXPECT_EQ(decide().reason, reason::robot_continue);
    EXPECT_EQ(decide().outcome, outcome::keep);
    request.text = "人工";
    EXPECT_EQ(decide().reason, reason::assigned_any);
    EXPECT_TRUE(decide().handed_off);
}

TEST_F(robot, gives_a_priority_buyer_to_a_person) {
    request.state = conversation_state::robot;
    rating = service_rating::gold;
    rules.priority_crowds = {"vip"};
    request.crowds = {{"vip", now - day}};
    EXPECT_EQ(decide().reason, reason::priority_direct);
}

TEST_F(robot, that_comes_after_people_answers_when_nobody_is_available_or_has_room) {
    rules.robot = robot_mode::human_first;
    EXPECT_EQ(decide().reason, reason::assigned_any);
    all_full();
    rules.queue_enabled = false;
    EXPECT_EQ(decide().reason, reason::all_full_robot);
    request.text = "人工";
    EXPECT_EQ(decide().reason, reason::all_full_fallback);
    nobody();
    EXPECT_EQ(decide().reason, reason::robot_no_agent) << "even after a hand-off word";
    EXPECT_EQ(decide().outcome, outcome::robot);
}

TEST_F(robot, answers_for_a_recent_contact_that_is_offline) {
    recent_contact("acme:bob", hour);
    join({.account = "acme:bob", .online = false});
    EXPECT_EQ(decide().reason, reason::recent_offline_robot);
    rules.profile = contact_profile::seed;
    EXPECT_EQ(decide().causes, causes{reason::recent_offline_reroute});
}

TEST_F(robot, gets_its_share_of_buyers_by_the_seed) {
    rules.robot = robot_mode::ratio;
    rules.robot_share = 0.25;
    const auto policy = std::make_shared<const compiled_policy>(rules);
    int robots = 0;
    for (request.number = 1; request.number <= 4'000; ++request.number) {
        const auto once = routing::decide(*policy, agents, {"acme"}, request, now, 7);
        const auto again = routing::decide(*policy, agents, {"acme"}, request, now, 7);
        EXPECT_EQ(once.reason, again.reason);
        robots += once.reason == reason::robot_ratio;
    }
    EXPECT_NEAR(robots, 1'000, 100);
}

TEST_F(robot, of_a_group_answers_its_messages_only) {
    rules.robot = robot_mode::off;
    rules.groups = {group_of("pre", {"acme:amy"})};
    rules.groups[0].keywords = {"尺码"};
    rules.groups[0].robot = true;
    request.text = "尺码怎么选";
    EXPECT_EQ(decide().reason, reason::robot_group);
    request.text = "在吗";
    EXPECT_EQ(decide().reason, reason::assigned_any);
}

TEST_F(decision, manual_mode_leaves_everybody_to_a_supervisor) {
    rules.mode = assignment_mode::manual;
    EXPECT_EQ(decide().outcome, outcome::pool);
    EXPECT_EQ(decide().reason, reason::await_manual);
}

TEST_F(decision, a_window_of_the_day_has_its_own_mode) {
    rules.windows = {{daily_hours{{*parse_day_window("22:00-01:00")}}, assignment_mode::manual, {}, {}}};
    EXPECT_EQ(decide().reason, reason::await_manual) << "it is midnight in the shop";
    rules.windows[0].hours = daily_hours{{*parse_day_window("22:00-24:00")}};
    EXPECT_EQ(decide().reason, reason::assigned_any);
}

} // namespace
} // namespace fenliu::routing
