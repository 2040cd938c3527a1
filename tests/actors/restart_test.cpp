// What a lane makes of the journal after a crash.
#include "actors/dispatcher.hpp"
#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;
using std::chrono::seconds;

struct restart_of_a_lane : lane_world {
    restart_of_a_lane() { defaults.default_cap = 1; }
};

TEST_F(restart_of_a_lane, an_open_conversation_goes_on_with_its_owner_and_epoch) {
    start();
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one", {.msg_id = "x"});
    const std::string conversation{one<assigned>(amy).conversation};
    restart();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one", {.msg_id = "x"});
    EXPECT_TRUE(one<stored>(shopfront).duplicate);
    publish(shopfront, "alice", "two", {.msg_id = "y"});
    EXPECT_EQ(one<stored>(shopfront).seq, 2U);
    const auto back = agent("acme:amy");
    const auto award = one<assigned>(back);
    EXPECT_EQ(award.conversation, conversation);
    EXPECT_EQ(award.epoch, 1U);
    EXPECT_EQ(take<buyer_line>(back).size(), 2U);
}

TEST_F(restart_of_a_lane, an_owner_that_does_not_come_back_loses_it_after_the_grace) {
    start();
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one");
    one<assigned>(amy);
    restart();
    const auto bob = agent("acme:bob");
    pass(seconds{29});
    EXPECT_TRUE(take<assigned>(bob).empty());
    pass(seconds{2});
    const auto moved = one<assigned>(bob);
    EXPECT_EQ(moved.epoch, 2U);
    EXPECT_EQ(moved.tail.size(), 1U);
}

TEST_F(restart_of_a_lane, the_line_keeps_its_order) {
    start();
    agent("acme:amy");
    const auto shopfront = frontend();
    for (const char* buyer : {"alice", "ben", "cat"}) {
        publish(shopfront, buyer, "hello");
        pass(seconds{1});
    }
    restart();
    const auto bob = agent("acme:bob");
    EXPECT_EQ(one<assigned>(bob).buyer, "ben");
    const auto cat = agent("acme:cat");
    EXPECT_EQ(one<assigned>(cat).buyer, "cat");
}

TEST_F(restart_of_a_lane, a_line_journaled_and_not_yet_routed_is_routed) {
    start();
    agent("acme:amy");
    store->hold();
    const auto shopfront = frontend();
    publish(shopfront, "alice", "one");
    EXPECT_TRUE(take<stored>(shopfront).empty());
    store->sync();
    restart();
    const auto amy = agent("acme:amy");
    EXPECT_EQ(one<buyer_line>(amy).text, "one");
}

TEST_F(restart_of_a_lane, suspension_lasts_and_presence_does_not) {
    start();
    const auto amy = agent("acme:amy");
    presence(amy, presence::suspended);
    restart();
    in_lane([](actors::lane& lane) {
        const auto* report = lane.find_shop("acme")->dispatcher->agents().find("acme:amy");
        ASSERT_NE(report, nullptr);
        EXPECT_TRUE(report->suspended);
        EXPECT_FALSE(report->online);
    });
}

TEST_F(restart_of_a_lane, numbers_of_conversations_are_not_used_again) {
    start();
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one");
    const std::string first{one<assigned>(amy).conversation};
    send(amy, close{"c", first, 1});
    restart();
    const auto back = agent("acme:amy");
    publish(frontend(), "ben", "two");
    EXPECT_GT(one<assigned>(back).conversation, first);
}

TEST_F(restart_of_a_lane, restarting_again_changes_nothing) {
    start();
    agent("acme:amy");
    publish(frontend(), "alice", "one");
    restart();
    const auto once = store->count();
    restart();
    EXPECT_EQ(store->count(), once);
}

TEST_F(restart_of_a_lane, the_state_of_a_buyers_last_order_is_known) {
    routing::group refunds;
    refunds.id = "refunds";
    refunds.members = {"acme:bob"};
    refunds.order_states = {"refund"};
    defaults.groups = {refunds};
    start();
    (void)agent("acme:amy");
    (void)agent("acme:bob");
    auto shopfront = frontend();
    send(shopfront, order_event{"acme", "alice", "o-1", order_status::refund, 1'000, "r1"});
    publish(shopfront, "alice", "about another order", {.order = "o-2"});
    EXPECT_EQ(one<routed>(shopfront).reason, "ASSIGNED_ANY");
    send(shopfront, order_event{"acme", "berta", "o-3", order_status::refund, 1'000, "r2"});
    restart();
    (void)agent("acme:amy");
    (void)agent("acme:bob");
    shopfront = frontend();
    publish(shopfront, "berta", "hello");
    EXPECT_EQ(one<routed>(shopfront).reason, "ASSIGNED_GROUP");
}

TEST_F(restart_of_a_lane, a_waiting_buyer_keeps_the_group_it_clicked) {
    routing::group pre, after;
    pre.id = "pre";
    pre.members = {"acme:amy"};
    after.id = "after";
    after.members = {"acme:bob"};
    defaults.groups = {pre, after};
    start();
    (void)agent("acme:amy");
    (void)agent("acme:bob");
    auto shopfront = frontend();
    for (const auto* buyer : {"alice", "berta", "carla"})
        publish(shopfront, buyer, "hello", {.group = "after"});
    restart();
    const auto amy = agent("acme:amy");
    const auto bob = agent("acme:bob");
    EXPECT_EQ(take<assigned>(amy).size() + take<assigned>(bob).size(), 2U) << "what they had";
    publish(frontend(), "dora", "hello");
    send(bob, close{"c", routing::to_id(1), 1});
    const auto next = one<assigned>(bob);
    EXPECT_EQ(next.buyer, "carla");
    EXPECT_EQ(next.reason, "ASSIGNED_GROUP");
}

} // namespace
} // namespace fenliu::tests
