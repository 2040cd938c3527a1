#include "transport/lane_turns.hpp"

#include <map>

#include <gtest/gtest.h>

#include "protocol/limits.hpp"

namespace fenliu::transport {
namespace {

class lane_turns_of : public ::testing::Test {
protected:
    lane_turns_of()
        : gate_{std::make_shared<lane_gate>([this] { ++woken_; })}
        , turns_{gate_} {}

    void publish(std::string_view shop, std::size_t times) {
        for (std::size_t i = 0; i < times; ++i) {
            protocol::publish line;
            line.shop = shop;
            turns_.add(received{1, ++numbers_[std::string{shop}], buyers_.get(), line, 10, shop}, buyers_);
        }
    }
    void say(std::size_t times) {
        for (std::size_t i = 0; i < times; ++i)
            turns_.add(received{2, ++numbers_["agent"], agent_.get(), protocol::say{}, 10}, agent_);
    }
    /// The shops of the events, in order; "agent" for an agent's message, "news" for news.
    static std::vector<std::string> order_of(const inbound_batch& batch) {
        std::vector<std::string> out;
        for (const auto* each : batch.events) {
            const auto* message = std::get_if<received>(each);
            if (message == nullptr)
                out.emplace_back("news");
            else if (const auto* line = std::get_if<protocol::publish>(&message->message))
                out.emplace_back(line->shop);
            else
                out.emplace_back("agent");
        }
        return out;
    }
    static std::map<std::string, std::size_t> counts_of(const inbound_batch& batch) {
        std::map<std::string, std::size_t> out;
        for (const auto& each : order_of(batch))
            ++out[each];
        return out;
    }

    std::shared_ptr<const identity> buyers_ = std::make_shared<const identity>();
    std::shared_ptr<const identity> agent_ =
        std::make_shared<const identity>(identity{protocol::role::agent, "quiet", "quiet:amy", {}, false});
    std::map<std::string, std::uint64_t> numbers_;
    int woken_ = 0;
    std::shared_ptr<lane_gate> gate_;
    lane_turns turns_;
};

TEST_F(lane_turns_of, a_lane_that_keeps_up_gets_everything_at_once_in_order) {
    publish("a", 2);
    say(1);
    publish("b", 1);
    const auto frames = std::make_shared<const std::vector<zmq::message_t>>();
    const auto batch = turns_.take(frames, pressure::none);
    EXPECT_EQ(order_of(batch), (std::vector<std::string>{"a", "a", "agent", "b"}));
    ASSERT_EQ(batch.drains.size(), 1U);
    EXPECT_EQ(batch.drains.front()->frames, frames);
    EXPECT_EQ(gate_->in_hand(), 4U);
}

TEST_F(lane_turns_of, while_the_store_is_behind_the_shop_that_floods_waits_for_it) {
    publish("flood", limits::turn_messages + 1);
    publish("quiet", 1);
    say(1);
    EXPECT_EQ(order_of(turns_.take({}, pressure::some)), (std::vector<std::string>{"agent", "quiet"}));
    publish("quiet", 1);
    EXPECT_TRUE(turns_.take({}, pressure::full).events.empty());
    EXPECT_TRUE(turns_.waits());
    const auto rest = counts_of(turns_.take({}, pressure::none));
    EXPECT_EQ(rest.at("flood"), limits::turn_messages + 1);
    EXPECT_EQ(rest.at("quiet"), 1U);
    EXPECT_FALSE(turns_.waits());
}

TEST_F(lane_turns_of, a_lane_gets_no_more_than_its_backlog_until_it_is_done_with_some) {
    publish("a", 3 * limits::lane_backlog);
    auto batch = turns_.take({}, pressure::none);
    EXPECT_EQ(batch.events.size(), limits::lane_backlog);
    EXPECT_TRUE(turns_.take({}, pressure::none).events.empty());
    EXPECT_EQ(turns_.held_bytes("a"), 2 * limits::lane_backlog * 10);
    EXPECT_EQ(woken_, 0);
    batch = {};
    EXPECT_EQ(woken_, 1);
    EXPECT_EQ(turns_.take({}, pressure::none).events.size(), limits::lane_backlog);
}

TEST_F(lane_turns_of, everything_comes_once_and_a_shops_in_order) {
    std::map<std::string, std::uint64_t> last;
    std::size_t came = 0;
    for (int turn = 0; turn < 40; ++turn) {
        publish("a", 900);
        publish("b", 30);
        say(200);
        const auto batch = turns_.take({}, pressure::none);
        for (const auto* each : batch.events) {
            const auto& message = std::get<received>(*each);
            const auto* line = std::get_if<protocol::publish>(&message.message);
            EXPECT_EQ(message.rx, ++last[line == nullptr ? "agent" : std::string{line->shop}]);
            EXPECT_TRUE(std::ranges::any_of(batch.drains, [&](const auto& drain) {
                return std::ranges::any_of(drain->identities, [&](const auto& who) { return who.get() == message.who; });
            }));
            ++came;
        }
    }
    for (std::size_t size = 1; size > 0; came += size)
        size = turns_.take({}, pressure::none).events.size();
    EXPECT_EQ(came, 40U * 1'130);
    EXPECT_EQ(turns_.held_bytes("a") + turns_.held_bytes("b"), 0U);
}

TEST_F(lane_turns_of, a_quiet_shop_waits_for_one_turn_of_a_flooding_one_at_most) {
    publish("flood", 10 * limits::lane_backlog);
    auto batch = turns_.take({}, pressure::none);
    publish("quiet", 3);
    batch = {};
    batch = turns_.take({}, pressure::none);
    const auto order = order_of(batch);
    EXPECT_EQ(counts_of(batch)["quiet"], 3U);
    EXPECT_LT(std::find(order.begin(), order.end(), "quiet") - order.begin(), std::ptrdiff_t(limits::turn_messages) + 1);
}

TEST_F(lane_turns_of, what_agents_say_goes_before_what_buyers_sent_earlier) {
    publish("flood", 5 * limits::lane_backlog);
    auto batch = turns_.take({}, pressure::none);
    say(5);
    batch = {};
    batch = turns_.take({}, pressure::none);
    const auto order = order_of(batch);
    EXPECT_EQ((std::vector<std::string>{order.begin(), order.begin() + 5}), std::vector<std::string>(5, "agent"));
    EXPECT_EQ(counts_of(batch)["flood"], limits::lane_backlog - 5);
}

TEST_F(lane_turns_of, buyers_keep_an_eighth_whatever_agents_send) {
    publish("a", limits::lane_backlog);
    say(5 * limits::lane_backlog);
    EXPECT_EQ(counts_of(turns_.take({}, pressure::none))["a"], limits::lane_backlog / 8);
}

TEST_F(lane_turns_of, news_of_a_link_stays_in_order_with_what_its_agent_said) {
    publish("flood", 2 * limits::lane_backlog);
    auto batch = turns_.take({}, pressure::none);
    say(1);
    turns_.add(link_lost{2}, agent_);
    say(1);
    batch = {};
    batch = turns_.take({}, pressure::none);
    const auto order = order_of(batch);
    EXPECT_EQ((std::vector<std::string>{order.begin(), order.begin() + 3}), (std::vector<std::string>{"agent", "news", "agent"}));
}

TEST_F(lane_turns_of, frames_live_as_long_as_something_that_points_into_them) {
    const std::weak_ptr<const std::vector<zmq::message_t>> watched = [&] {
        const auto frames = std::make_shared<const std::vector<zmq::message_t>>();
        publish("a", limits::lane_backlog + 1);
        (void)turns_.take(frames, pressure::none);
        return frames;
    }();
    EXPECT_FALSE(watched.expired());
    (void)turns_.take({}, pressure::none);
    EXPECT_TRUE(watched.expired());
}

} // namespace
} // namespace fenliu::transport
