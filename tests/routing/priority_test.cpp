// Priority reception (R19–R28), dedicated agents, and the prompt that goes with an outcome.
#include "tests/routing/decision_fixture.hpp"

namespace fenliu::routing {
namespace {

class priority : public decision {
protected:
    priority() {
        rating = service_rating::gold;
        rules.priority_crowds = {"vip"};
        request.crowds = {{"vip", now - 1}};
        request.entry = entry_kind::lit_icon;
    }
    std::string body() {
        const auto made = decide();
        return made.prompt ? std::string{made.prompt->text("")} : "none";
    }
};

TEST_F(priority, takes_the_least_loaded_whatever_its_cap) {
    join({.account = "acme:amy", .online = true, .load = 9, .cap = 3});
    join({.account = "acme:bob", .online = true, .load = 5, .cap = 2});
    EXPECT_EQ(decide().reason, reason::priority_direct);
    EXPECT_EQ(decide().agent, "acme:bob");
    EXPECT_FALSE(decide().terms.room);
}

TEST_F(priority, needs_a_rating_of_silver_or_gold) {
    for (const auto each : {service_rating::none, service_rating::bronze}) {
        rating = each;
        EXPECT_EQ(decide().reason, reason::assigned_any);
    }
    rating = service_rating::silver;
    EXPECT_EQ(decide().reason, reason::priority_direct);
}

TEST_F(priority, counts_from_the_day_after_joining_to_the_end_of_the_day_of_leaving) {
    request.crowds[0].since = now;
    EXPECT_EQ(decide().reason, reason::assigned_any) << "joined at the first moment of today";
    request.crowds[0] = {"vip", now - 9 * day, now + hour};
    EXPECT_EQ(decide().reason, reason::priority_direct) << "left today";
    request.crowds[0].until = now - 1;
    EXPECT_EQ(decide().reason, reason::assigned_any) << "left yesterday";
}

TEST_F(priority, counts_days_by_the_clock_of_the_shop) {
    rules.time_zone = "Europe/London"; // there it is 16:00 of the same day as an hour ago
    request.crowds[0].since = now - hour;
    EXPECT_EQ(decide().reason, reason::assigned_any);
    rules.time_zone = "Asia/Shanghai";
    EXPECT_EQ(decide().reason, reason::priority_direct);
}

TEST_F(priority, gives_way_to_the_recent_contact_and_fills_it_over_its_cap) {
    recent_contact("acme:bob", hour);
    join({.account = "acme:bob", .online = true, .load = 2});
    EXPECT_EQ(decide().reason, reason::recent);
    EXPECT_EQ(body(), "已跳过排队直连人工");
}

TEST_F(priority, comes_before_the_dedicated_agent_and_the_robot) {
    request.dedicated = "acme:bob";
    rules.robot = robot_mode::first;
    join({.account = "acme:bob", .online = true, .load = 1});
    EXPECT_EQ(decide().agent, "acme:amy");
    EXPECT_EQ(decide().reason, reason::priority_direct);
}

TEST_F(priority, fails_without_anybody_available_and_says_so_without_a_prompt) {
    join({.account = "acme:amy", .online = false});
    join({.account = "acme:bob", .online = true, .suspended = true});
    EXPECT_TRUE(decide().priority_failed);
    EXPECT_EQ(decide().reason, reason::fallback_main);
    EXPECT_EQ(body(), "none");
    request.crowds.clear();
    EXPECT_FALSE(decide().priority_failed);
}

TEST_F(priority, prompts_by_the_table) {
    EXPECT_EQ(body(), "已跳过排队直连人工");
    rules.queue_enabled = false;
    EXPECT_EQ(body(), "已安排优先接待");
    rules.robot = robot_mode::first;
    EXPECT_EQ(body(), "已跳过机器人直连人工");
    recent_contact("acme:bob", hour);
    EXPECT_EQ(body(), "none") << "landed on the recent contact without a queue";
}

TEST_F(priority, prompts_only_on_the_lit_icon_and_never_where_a_sub_is_addressed) {
    request.entry = entry_kind::message_box;
    EXPECT_EQ(body(), "none");
    request.entry = entry_kind::lit_icon;
    request.to = "acme:bob";
    EXPECT_EQ(body(), "none");
}

TEST_F(priority, prompts_again_after_exactly_eight_hours) {
    request.last_prompt = now - prompt_interval_ms + 1;
    EXPECT_EQ(body(), "none");
    request.last_prompt = now - prompt_interval_ms;
    EXPECT_NE(body(), "none");
    request.last_prompt = now + hour; // the clock was set back
    EXPECT_EQ(body(), "none");
}

TEST_F(priority, prompts_in_chinese_or_english_and_greets_members) {
    auto prompt = decide().prompt.value();
    EXPECT_EQ(prompt.title("zh-CN"), "优先接待生效");
    EXPECT_EQ(prompt.title("en-GB"), "Priority service");
    EXPECT_EQ(prompt.text("EN"), "You skipped the queue and are with a person");
    request.member = true;
    prompt = decide().prompt.value();
    EXPECT_EQ(prompt.title(""), "会员专属客服");
}

TEST_F(decision, a_dedicated_agent_gets_its_buyer_while_it_is_available_with_room) {
    request.dedicated = "acme:bob";
    EXPECT_EQ(decide().reason, reason::dedicated);
    EXPECT_EQ(decide().agent, "acme:bob");
    join({.account = "acme:bob", .online = true, .load = 2});
    EXPECT_EQ(decide().reason, reason::assigned_any);
}

} // namespace
} // namespace fenliu::routing
