#include "actors/dispatcher.hpp"

#include "actors/agent.hpp"

#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;
using std::chrono::milliseconds;
using std::chrono::minutes;

struct dispatcher : lane_world {
    dispatcher() { defaults.default_cap = 1; }
};

TEST_F(dispatcher, new_buyers_are_spread_evenly) {
    defaults.default_cap = 100;
    start();
    const auto amy = agent("acme:amy"), bob = agent("acme:bob");
    const auto shopfront = frontend();
    std::vector<std::string> names;
    for (int i = 0; i < 20; ++i)
        names.push_back("b" + std::to_string(i));
    for (const auto& name : names)
        publish(shopfront, name, "hello");
    EXPECT_EQ(take<assigned>(amy).size(), 10U);
    EXPECT_EQ(take<assigned>(bob).size(), 10U);
}

TEST_F(dispatcher, a_full_shop_queues_and_a_freed_slot_goes_to_the_head) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto first = one<assigned>(amy);
    forget();
    publish(shopfront, "ben", "two");
    auto told = one<routed>(shopfront);
    EXPECT_EQ(told.reason, "QUEUED");
    EXPECT_EQ(told.position, 1U);
    EXPECT_GT(told.eta_s, 0U);
    publish(shopfront, "cat", "three");
    EXPECT_EQ(one<routed>(shopfront).position, 2U);
    publish(shopfront, "ben", "are you there?");
    pass(milliseconds{5'000});
    send(amy, close{"c", first.conversation, 1});
    const auto next = one<assigned>(amy);
    EXPECT_EQ(next.buyer, "ben");
    EXPECT_EQ(next.waited_ms, 5'000U);
    const auto lines = take<buyer_line>(amy);
    ASSERT_EQ(lines.size(), 2U) << "both lines of the one who waited, after its 40";
    EXPECT_EQ(lines[1].text, "are you there?");
    pass(milliseconds{2'000});
    EXPECT_EQ(one<queue_moved>(shopfront).position, 1U) << "cat moved up";
}

TEST_F(dispatcher, a_buyer_that_leaves_the_line_gets_no_agent) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto first = one<assigned>(amy);
    publish(shopfront, "ben", "two");
    publish(shopfront, "cat", "three");
    send(shopfront, buyer_left{"acme", "ben", "r"});
    send(amy, close{"c", first.conversation, 1});
    EXPECT_EQ(one<assigned>(amy).buyer, "cat");
}

TEST_F(dispatcher, the_line_is_served_when_an_agent_comes_online) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    publish(shopfront, "ben", "two");
    forget();
    const auto bob = agent("acme:bob");
    EXPECT_EQ(one<assigned>(bob).buyer, "ben");
    EXPECT_TRUE(take<assigned>(amy).empty());
}

TEST_F(dispatcher, beyond_its_limit_the_line_overflows_to_the_pool_which_can_be_picked_from) {
    defaults.queue_limit = 1;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto first = one<assigned>(amy);
    publish(shopfront, "ben", "two");
    forget();
    publish(shopfront, "cat", "three");
    const auto told = one<routed>(shopfront);
    EXPECT_EQ(told.reason, "QUEUE_FULL");
    send(amy, pick{"p1", told.conversation});
    EXPECT_EQ(one<result>(amy).code, "FORWARD_REJECTED") << "amy has no room";
    send(amy, close{"c", first.conversation, 1}); // ben is next
    forget();
    const auto bob = agent("acme:bob");
    EXPECT_EQ(one<assigned>(bob).reason, "POOL_REDISTRIBUTED");
}

TEST_F(dispatcher, with_nobody_there_main_stores_and_gets_it_when_it_comes) {
    start();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "anyone?");
    const auto told = one<routed>(shopfront);
    EXPECT_EQ(told.reason, "FALLBACK_MAIN");
    EXPECT_EQ(told.agent, "acme");
    ASSERT_EQ(told.causes.size(), 1U);
    EXPECT_EQ(told.causes[0], "NONE_ONLINE");
    const auto main = hello("acme");
    EXPECT_EQ(kinds(main), (std::vector<std::uint32_t>{40, 42}));
}

TEST_F(dispatcher, who_lost_an_agent_waits_before_those_who_came_later) {
    defaults.default_cap = 1;
    start();
    const auto amy = agent("acme:amy"), bob = agent("acme:bob");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    pass(std::chrono::seconds{1});
    publish(shopfront, "ben", "two");
    pass(std::chrono::seconds{1});
    publish(shopfront, "cat", "three");
    const auto of_amy = one<assigned>(amy), of_bob = one<assigned>(bob);
    pass(std::chrono::seconds{1});
    presence(amy, protocol::presence::offline);
    send(bob, close{"c", of_bob.conversation, 1});
    EXPECT_EQ(one<assigned>(bob).buyer, of_amy.buyer);
}

TEST_F(dispatcher, who_addressed_an_agent_that_is_away_does_not_keep_the_others_waiting) {
    defaults.default_cap = 2;
    defaults.direct_diversion = true;
    defaults.offline = routing::offline_policy::pool;
    start();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    publish(shopfront, "ben", "two");
    publish(shopfront, "alice", "three", {.to = "acme:bob"});
    const auto amy = agent("acme:amy");
    EXPECT_EQ(take<assigned>(amy).size(), 2U);
}

TEST_F(dispatcher, a_suspended_agent_gets_no_new_buyer_but_keeps_its_recent_one) {
    defaults.default_cap = 10;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    const auto first = one<assigned>(amy);
    send(amy, close{"c", first.conversation, 1});
    const auto bob = agent("acme:bob");
    presence(amy, presence::suspended);
    forget();
    publish(shopfront, "ben", "new here");
    EXPECT_EQ(one<assigned>(bob).buyer, "ben");
    publish(shopfront, "alice", "me again");
    EXPECT_EQ(one<assigned>(amy).reason, "RECENT_SUSPENDED");
}

TEST_F(dispatcher, lowering_a_cap_drops_no_conversation_and_stops_new_ones) {
    defaults.default_cap = 10;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    publish(shopfront, "ben", "two");
    forget();
    in_lane([](actors::lane& lane) { lane.agent_for(*lane.find_shop("acme"), "acme:amy")->set(1, true, "admin"); });
    publish(shopfront, "cat", "three");
    EXPECT_EQ(one<routed>(shopfront).reason, "QUEUED");
    EXPECT_TRUE(take<unassigned>(amy).empty());
}

TEST_F(dispatcher, a_diverted_direct_buyer_is_rerouted_after_the_grace) {
    defaults.default_cap = 10;
    defaults.direct_diversion = true;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    hello("acme:bob");
    publish(shopfront, "alice", "bob?", {.to = "acme:bob"});
    EXPECT_TRUE(take<assigned>(amy).empty());
    pass(minutes{2} + milliseconds{500});
    const auto award = one<assigned>(amy);
    ASSERT_EQ(award.causes.size(), 1U);
    EXPECT_EQ(award.causes[0], "DIRECT_OFFLINE_REROUTE");
}

TEST_F(dispatcher, an_addressed_agent_receives_beyond_its_cap) {
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    publish(shopfront, "ben", "amy please", {.to = "acme:amy"});
    EXPECT_EQ(take<assigned>(amy).back().reason, "DIRECT");
}

TEST_F(dispatcher, who_waits_and_is_in_need_moves_ahead_and_stays_there_across_a_restart) {
    defaults.default_cap = 1;
    start();
    auto amy = agent("acme:amy");
    auto shopfront = frontend();
    for (const auto* buyer : {"alice", "berta", "carla"})
        publish(shopfront, buyer, "hello");
    forget();
    publish(shopfront, "carla", "I want a refund");
    EXPECT_TRUE(take<routed>(shopfront).empty()) << "it waits as before, at a better place";
    pass(std::chrono::seconds{2});
    const auto moved = take<queue_moved>(shopfront);
    ASSERT_FALSE(moved.empty());
    EXPECT_EQ(moved.front().buyer, "carla");
    EXPECT_EQ(moved.front().position, 1U);
    restart();
    amy = agent("acme:amy");
    const auto open = one<assigned>(amy);
    send(amy, close{"c", open.conversation, open.epoch});
    EXPECT_EQ(one<assigned>(amy).buyer, "carla");
}

} // namespace
} // namespace fenliu::tests
