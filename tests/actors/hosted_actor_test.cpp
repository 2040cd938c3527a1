// Hosted actors are CAF actors: anybody can send to them, monitor them, link to them.
#include "actors/hosted_actor.hpp"

#include "actors/agent.hpp"
#include "actors/buyer_session.hpp"
#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;

struct hosted_actor : lane_world {
    caf::actor session_handle() {
        caf::actor handle;
        in_lane([&](actors::lane& lane) {
            handle = caf::actor_cast<caf::actor>(lane.find_shop("acme")->conversations.begin()->second.handle());
        });
        return handle;
    }
};

TEST_F(hosted_actor, takes_messages_from_outside_its_lane) {
    start();
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one");
    forget();
    caf::anon_send(session_handle(), actors::owner_detached{});
    run();
    publish(frontend(), "alice", "two");
    EXPECT_TRUE(take<buyer_line>(amy).empty()) << "it was told that its owner's client is gone";
}

TEST_F(hosted_actor, tells_its_monitors_when_it_ends) {
    start();
    const auto amy = agent("acme:amy");
    publish(frontend(), "alice", "one");
    const auto award = one<assigned>(amy);
    const auto session = session_handle();
    bool ended = false;
    session->attach_functor([&](const caf::error&) { ended = true; });
    send(amy, close{"c", award.conversation, 1});
    EXPECT_FALSE(ended) << "kept for dedupe";
    const auto number = routing::from_id(award.conversation);
    in_lane([&](actors::lane& lane) {
        auto& shop = *lane.find_shop("acme");
        shop.conversations.find(number)->second->on_archived({.number = number, .closed = true});
        lane.retire(shop, number);
    });
    EXPECT_FALSE(ended) << "archived, within its dedupe horizon";
    pass(limits::session_expiry + std::chrono::seconds{1});
    EXPECT_TRUE(ended);
    in_lane([&](actors::lane& lane) { EXPECT_TRUE(lane.find_shop("acme")->conversations.empty()); });
}

TEST_F(hosted_actor, is_small) { EXPECT_LE(sizeof(actors::buyer_session), 1'024U); }

} // namespace
} // namespace fenliu::tests
