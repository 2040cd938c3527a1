#include "actors/agent.hpp"

#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct agent_actor : lane_world {
    void open() {
        start();
        amy = agent("acme:amy");
        shopfront = frontend();
        publish(shopfront, "alice", "one");
        award = one<assigned>(amy);
        forget();
    }
    link_id amy = 0, shopfront = 0;
    assigned award;
};

TEST_F(agent_actor, a_lost_agent_keeps_its_conversations_within_the_grace) {
    open();
    const auto bob = agent("acme:bob");
    deliver({transport::link_lost{amy}});
    pass(seconds{29});
    publish(shopfront, "alice", "two");
    EXPECT_EQ(kinds(amy), (std::vector<std::uint32_t>{42})) << "kept with the link, for resume";
    deliver({transport::link_resumed{amy}});
    pass(seconds{60});
    EXPECT_TRUE(take<assigned>(bob).empty());
}

TEST_F(agent_actor, after_the_grace_each_conversation_moves_once_with_its_cause) {
    open();
    const auto bob = agent("acme:bob");
    deliver({transport::link_lost{amy}});
    pass(seconds{31});
    const auto moved = one<assigned>(bob);
    EXPECT_EQ(moved.epoch, 2U);
    ASSERT_FALSE(moved.causes.empty());
    EXPECT_EQ(moved.causes[0], "OWNER_OFFLINE_REROUTE");
    EXPECT_EQ(one<unassigned>(amy).epoch, 1U) << "told when it resumes";
    deliver({transport::link_resumed{amy}});
    pass(seconds{60});
    EXPECT_TRUE(take<assigned>(amy).empty());
    EXPECT_TRUE(take<assigned>(bob).empty());
}

TEST_F(agent_actor, a_lost_agent_gets_no_new_buyers) {
    open();
    const auto bob = agent("acme:bob");
    deliver({transport::link_lost{amy}});
    for (const char* buyer : {"ben", "cat", "dan"})
        publish(shopfront, buyer, "hello");
    EXPECT_EQ(take<assigned>(bob).size(), 3U);
}

TEST_F(agent_actor, going_offline_by_word_moves_conversations_at_once) {
    open();
    const auto bob = agent("acme:bob");
    presence(amy, presence::offline);
    EXPECT_EQ(one<assigned>(bob).buyer, "alice");
}

TEST_F(agent_actor, a_new_session_gets_what_it_owns_above_what_it_has_seen) {
    open();
    publish(shopfront, "alice", "two");
    publish(shopfront, "alice", "three");
    const std::string conversation{award.conversation};
    const auto newer = hello("acme:amy", {{conversation, 2}});
    deliver({transport::link_closed{amy}});
    const auto again = one<assigned>(newer);
    EXPECT_EQ(again.epoch, 1U);
    EXPECT_EQ(again.tail.size(), 2U);
    const auto line = one<buyer_line>(newer);
    EXPECT_EQ(line.seq, 3U);
    presence(newer, presence::online);
    pass(seconds{60});
    publish(shopfront, "alice", "four");
    EXPECT_EQ(one<buyer_line>(newer).seq, 4U);
}

TEST_F(agent_actor, without_seen_it_gets_the_lines_after_its_last_answer) {
    open();
    send(amy, say{"a", award.conversation, 1, "hi"});
    publish(shopfront, "alice", "two");
    deliver({transport::link_closed{amy}});
    forget();
    const auto newer = hello("acme:amy");
    EXPECT_EQ(one<assigned>(newer).tail.size(), 2U);
    EXPECT_EQ(one<buyer_line>(newer).seq, 3U);
}

TEST_F(agent_actor, a_seen_above_what_is_stored_is_reported) {
    open();
    hello("acme:amy", {{std::string{award.conversation}, 9}});
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_NE(warnings[0].find("data loss"), std::string::npos);
}

TEST_F(agent_actor, a_hello_alone_is_not_a_presence) {
    start();
    amy = hello("acme:amy");
    publish(frontend(), "alice", "one");
    EXPECT_TRUE(take<assigned>(amy).empty());
}

TEST_F(agent_actor, an_invisible_agent_is_online_and_gets_nobody_new) {
    start();
    amy = agent("acme:amy");
    presence(amy, presence::invisible);
    const auto shopfront_link = frontend();
    publish(shopfront_link, "alice", "one");
    EXPECT_TRUE(take<assigned>(amy).empty());
    publish(shopfront_link, "ben", "amy?", {.to = "acme:amy"});
    EXPECT_EQ(one<assigned>(amy).reason, "DIRECT_SUSPENDED");
}

TEST_F(agent_actor, the_older_of_two_devices_can_change_nothing) {
    open();
    const auto newer = hello("acme:amy");
    presence(amy, presence::offline);
    EXPECT_EQ(one<result>(amy).code, "SUPERSEDED");
    presence(newer, presence::online);
    EXPECT_EQ(one<result>(newer).code, "OK");
}

TEST_F(agent_actor, a_non_participating_agent_gets_no_routed_buyer) {
    routing::shop_settings acme{"acme", {}, {{"acme:amy", 10, false}}};
    start(true, {acme});
    amy = agent("acme:amy");
    const auto shopfront_link = frontend();
    publish(shopfront_link, "alice", "one");
    EXPECT_EQ(one<routed>(shopfront_link).reason, "FALLBACK_MAIN");
    EXPECT_TRUE(take<assigned>(amy).empty());
}

} // namespace
} // namespace fenliu::tests
