// Rules that need more than a decision: what is journaled, sent and remembered of priority, prompts, robots, groups and crowds.
#include "actors/buyer_session.hpp"

#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

class rules : public lane_world {
protected:
    rules() { defaults.default_cap = 2; }
    static routing::group after_sales() {
        routing::group made;
        made.id = "after";
        made.members = {"acme:bob"};
        made.keywords = {"发票"};
        return made;
    }
    /// alice is in the crowd since yesterday, in a shop that may give priority.
    void give_priority(link_id shopfront) {
        publish(shopfront, "alice", "hello", {.crowds = std::vector<std::string_view>{"vip"}});
        pass(hours{24});
        forget();
    }
};

class prompts : public rules {
protected:
    prompts() {
        defaults.rating = routing::service_rating::gold;
        defaults.priority_crowds = {"vip"};
    }
    void enter(link_id shopfront, std::string_view text = "hi") { publish(shopfront, "alice", text, {.entry = "lit_icon"}); }
};

TEST_F(prompts, are_shown_once_in_eight_hours_across_a_restart) {
    start();
    give_priority(frontend());
    (void)agent("acme:amy");
    auto shopfront = frontend();
    enter(shopfront);
    EXPECT_EQ(one<prompt>(shopfront).title, "优先接待生效");
    enter(shopfront);
    EXPECT_TRUE(take<prompt>(shopfront).empty());
    restart();
    (void)agent("acme:amy");
    shopfront = frontend();
    pass(hours{8} - milliseconds{250});
    enter(shopfront);
    EXPECT_TRUE(take<prompt>(shopfront).empty());
    pass(milliseconds{250});
    enter(shopfront);
    EXPECT_EQ(take<prompt>(shopfront).size(), 1U) << "exactly eight hours later, in the open session";
}

TEST_F(prompts, do_not_come_sooner_when_somebody_sets_the_clock) {
    start();
    const auto shopfront = frontend();
    give_priority(shopfront);
    (void)agent("acme:amy");
    enter(shopfront);
    EXPECT_EQ(take<prompt>(shopfront).size(), 1U);
    wall_ahead = milliseconds{hours{9}}.count();
    enter(shopfront);
    EXPECT_TRUE(take<prompt>(shopfront).empty());
    pass(hours{8});
    enter(shopfront);
    EXPECT_EQ(take<prompt>(shopfront).size(), 1U);
}

TEST_F(prompts, speak_english_to_who_asks_for_it) {
    start();
    give_priority(frontend());
    (void)agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "bob", "hi", {.entry = "lit_icon", .crowds = std::vector<std::string_view>{"vip"}, .lang = "en"});
    EXPECT_TRUE(take<prompt>(shopfront).empty()) << "joined today";
    pass(hours{24});
    publish(shopfront, "bob", "again", {.entry = "lit_icon", .lang = "en"});
    EXPECT_EQ(one<prompt>(shopfront).body, "You skipped the queue and are with a person");
}

TEST_F(prompts, of_a_crowd_left_today_are_still_shown) {
    start();
    const auto shopfront = frontend();
    give_priority(shopfront);
    (void)agent("acme:amy");
    publish(shopfront, "alice", "bye", {.crowds = std::vector<std::string_view>{}});
    enter(shopfront);
    EXPECT_EQ(take<prompt>(shopfront).size(), 1U);
    pass(hours{24});
    enter(shopfront);
    EXPECT_TRUE(take<prompt>(shopfront).empty());
}

TEST_F(rules, an_emergency_waits_ahead_of_the_others) {
    defaults.default_cap = 1;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto first = one<assigned>(amy);
    publish(shopfront, "ben", "two");
    publish(shopfront, "cat", "退款!");
    EXPECT_EQ(take<routed>(shopfront).back().position, 1U);
    send(amy, close{"c", first.conversation, 1});
    EXPECT_EQ(one<assigned>(amy).buyer, "cat");
}

TEST_F(rules, a_long_wait_makes_up_for_a_low_class) {
    defaults.default_cap = 1;
    defaults.ageing_s = 60;
    defaults.ageing_classes = 2;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto first = one<assigned>(amy);
    publish(shopfront, "ben", "two");
    pass(minutes{2});
    publish(shopfront, "cat", "退款!");
    send(amy, close{"c", first.conversation, 1});
    EXPECT_EQ(one<assigned>(amy).buyer, "ben");
}

TEST(configured_shops, a_policy_that_cannot_be_compiled_is_named_by_its_shop) {
    routing::shop_settings lamp{"lamp", {}, {}};
    lamp.policy.time_zone = "Asia/Atlantis";
    const auto made = actors::compile({}, {lamp});
    EXPECT_EQ(std::get<protocol::failure>(made).text, "the policy of shop lamp: there is no time zone Asia/Atlantis");
}

TEST_F(rules, a_group_serves_its_keywords) {
    defaults.groups = {after_sales()};
    start();
    const auto amy = agent("acme:amy"), bob = agent("acme:bob");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "发票怎么开");
    EXPECT_EQ(one<assigned>(bob).reason, "ASSIGNED_GROUP");
    publish(shopfront, "ben", "在吗");
    EXPECT_EQ(one<assigned>(amy).reason, "ASSIGNED_ANY");
}

TEST_F(rules, who_waits_keeps_the_group_of_its_words_across_a_restart) {
    defaults.groups = {after_sales()};
    defaults.default_cap = 1;
    start();
    auto bob = agent("acme:bob");
    publish(frontend(), "alice", "在吗");
    (void)one<assigned>(bob);
    publish(frontend(), "ben", "发票怎么开");
    restart();
    (void)agent("acme:bob");
    forget();
    const auto amy = agent("acme:amy");
    EXPECT_EQ(one<assigned>(amy).reason, "ASSIGNED_OVERFLOW") << "its own group is full";
}

class robots : public rules {
protected:
    robots() { defaults.robot = routing::robot_mode::first; }
    link_id robot() {
        const auto link = hello("acme:r2", {}, true);
        presence(link, protocol::presence::online);
        return link;
    }
};

TEST_F(robots, the_built_in_assistant_answers_until_a_person_is_asked_for) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello", {.lang = "en"});
    EXPECT_EQ(one<routed>(shopfront).reason, "ROBOT_FIRST");
    const auto said = one<reply>(shopfront);
    EXPECT_EQ(said.from, "acme");
    EXPECT_NE(said.text.find("人工"), std::string_view::npos);
    publish(shopfront, "alice", "what size?");
    EXPECT_TRUE(take<routed>(shopfront).empty());
    publish(shopfront, "alice", "人工");
    const auto award = one<assigned>(amy);
    EXPECT_EQ(award.reason, "ASSIGNED_ANY");
    std::vector<std::string_view> lines;
    for (const auto& each : take<buyer_line>(amy))
        lines.push_back(each.text);
    EXPECT_EQ(lines, (std::vector<std::string_view>{"hello", "what size?", "人工"}));
}

TEST_F(robots, a_connected_robot_speaks_for_itself_and_is_no_recent_contact) {
    start();
    const auto amy = agent("acme:amy"), r2 = robot();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    const auto given = one<assigned>(r2);
    EXPECT_EQ(given.reason, "ROBOT_FIRST");
    EXPECT_EQ(one<buyer_line>(r2).text, "hello");
    send(r2, say{"s1", given.conversation, given.epoch, "beep"});
    EXPECT_EQ(one<reply>(shopfront).text, "beep");
    publish(shopfront, "alice", "more");
    EXPECT_EQ(one<buyer_line>(r2).text, "more");
    send(r2, close{"c", given.conversation, given.epoch});
    publish(shopfront, "alice", "人工");
    EXPECT_TRUE(one<assigned>(amy).causes.empty()) << "no recent contact was passed over";
}

TEST_F(robots, a_robot_that_goes_hands_its_buyers_to_people) {
    start();
    const auto amy = agent("acme:amy"), r2 = robot();
    publish(frontend(), "alice", "hello");
    (void)one<assigned>(r2);
    presence(r2, protocol::presence::offline);
    EXPECT_EQ(one<assigned>(amy).buyer, "alice");
}

TEST_F(robots, without_agents_the_buyer_is_pooled_and_served_when_one_comes_also_after_a_restart) {
    start();
    auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    const auto told = one<routed>(shopfront);
    EXPECT_EQ(told.reason, "ROBOT_NO_AGENT");
    ASSERT_EQ(told.causes.size(), 1U);
    EXPECT_EQ(told.causes[0], "NONE_ONLINE");
    restart();
    pass(minutes{30});
    const auto award = one<assigned>(agent("acme:amy"));
    EXPECT_EQ(award.buyer, "alice");
    EXPECT_EQ(award.reason, "POOL_REDISTRIBUTED");
}

TEST_F(robots, who_asks_for_a_person_while_nobody_is_there_gets_the_next_one) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    presence(amy, protocol::presence::offline);
    forget();
    publish(shopfront, "alice", "人工");
    EXPECT_EQ(one<routed>(shopfront).reason, "ROBOT_NO_AGENT");
    presence(amy, protocol::presence::online);
    EXPECT_EQ(one<assigned>(amy).reason, "POOL_REDISTRIBUTED");
}

TEST_F(robots, a_buyer_with_the_assistant_can_be_picked_from_the_pool) {
    defaults.mode = routing::assignment_mode::manual;
    start();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    publish(shopfront, "ben", "hello");
    const auto told = take<routed>(shopfront);
    const auto amy = agent("acme:amy");
    forget();
    send(amy, pick{"p", told.back().conversation});
    EXPECT_EQ(one<assigned>(amy).buyer, "ben");
}

TEST_F(robots, a_robots_conversation_ends_by_silence) {
    start();
    (void)agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    forget();
    pass(minutes{11});
    EXPECT_EQ(one<routed>(shopfront).reason, "CLOSED");
}

TEST_F(rules, manual_mode_waits_for_a_pick) {
    defaults.mode = routing::assignment_mode::manual;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    const auto told = one<routed>(shopfront);
    EXPECT_EQ(told.reason, "AWAIT_MANUAL");
    EXPECT_TRUE(take<assigned>(amy).empty());
    send(amy, pick{"p", told.conversation});
    EXPECT_EQ(one<assigned>(amy).buyer, "alice");
}

TEST_F(rules, a_slow_reply_is_told_its_agent_once_a_turn) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto award = one<assigned>(amy);
    const auto asked = now;
    pass(std::chrono::seconds{60});
    publish(shopfront, "alice", "two");
    pass(std::chrono::seconds{39});
    EXPECT_TRUE(take<alert>(amy).empty());
    pass(std::chrono::seconds{1});
    const auto told = one<alert>(amy);
    EXPECT_EQ(told.kind, "slow_reply");
    EXPECT_EQ(told.since, asked);
    send(amy, say{"s", award.conversation, 1, "sorry"});
    pass(std::chrono::seconds{300});
    EXPECT_TRUE(take<alert>(amy).empty()) << "it is answered";
    publish(shopfront, "alice", "three");
    pass(std::chrono::seconds{100});
    EXPECT_EQ(take<alert>(amy).size(), 1U) << "another turn";
}

TEST_F(rules, a_buyer_who_waits_too_long_moves_to_another_agent_once_and_then_main_is_told) {
    start();
    const auto main = agent("acme");
    presence(main, protocol::presence::suspended);
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    (void)one<assigned>(amy);
    const auto bob = agent("acme:bob");
    forget();
    pass(std::chrono::seconds{179});
    EXPECT_TRUE(take<assigned>(bob).empty());
    pass(std::chrono::seconds{1});
    EXPECT_EQ(one<unassigned>(amy).epoch, 1U);
    EXPECT_EQ(one<assigned>(bob).reason, "WAIT_REASSIGN");
    publish(shopfront, "ben", "two");
    forget();
    pass(std::chrono::seconds{180});
    EXPECT_TRUE(take<assigned>(amy).empty()) << "alice was moved once already";
}

TEST_F(rules, without_anybody_else_main_is_told_who_waits) {
    start();
    const auto main = agent("acme");
    presence(main, protocol::presence::suspended);
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one");
    forget();
    pass(std::chrono::seconds{180});
    EXPECT_EQ(one<alert>(main).kind, "wait_escalate");
    EXPECT_EQ(take<alert>(amy).size(), 2U) << "slow_reply and wait_escalate";
}

TEST_F(rules, who_addresses_an_agent_waits_for_nobody_else) {
    start();
    const auto amy = agent("acme:amy"), bob = agent("acme:bob");
    publish(frontend(), "alice", "one", {.to = "acme:bob"});
    forget();
    pass(std::chrono::seconds{400});
    EXPECT_TRUE(take<assigned>(amy).empty());
    EXPECT_EQ(one<alert>(bob).kind, "slow_reply");
}

TEST_F(rules, a_slow_after_sales_reply_is_told_main_too) {
    start();
    const auto main = agent("acme");
    presence(main, protocol::presence::suspended);
    (void)agent("acme:amy");
    defaults.wait_threshold_s = 0;
    publish(frontend(), "alice", "退款", {.to = "acme:amy"});
    forget();
    pass(std::chrono::seconds{299});
    EXPECT_TRUE(take<alert>(main).empty());
    pass(std::chrono::seconds{1});
    EXPECT_EQ(one<alert>(main).kind, "after_sales");
}

TEST_F(rules, a_rota_decides_who_is_available) {
    defaults.agents = {{"acme:amy", 1, routing::daily_hours{{*routing::parse_day_window("06:14-06:20")}}}};
    start(); // 06:13:20 in Shanghai
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    EXPECT_EQ(one<routed>(shopfront).reason, "FALLBACK_MAIN");
    pass(std::chrono::seconds{40});
    publish(shopfront, "ben", "two");
    EXPECT_EQ(one<assigned>(amy).buyer, "ben");
    pass(minutes{6});
    publish(shopfront, "cat", "three");
    EXPECT_TRUE(take<assigned>(amy).empty());
}

} // namespace
} // namespace fenliu::tests
