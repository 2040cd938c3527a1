// One lane on CAF's test coordinator, with a clock that the test turns, a recording store and peers that are just numbers.
// Everything runs in the test's thread: what is sent is handled before the call returns.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <gtest/gtest.h>

#include "actors/lane.hpp"
#include "protocol/codec.hpp"
#include "recording_store.hpp"

namespace fenliu::tests {

using transport::link_id;

/// What was posted to the socket, as messages by link.
class recorded_egress final : public actors::egress {
public:
    void post(transport::outbound_batch&& batch) noexcept override;
    [[nodiscard]] bool feed_wanted() const noexcept override { return true; }

    struct sent_message {
        link_id link;
        std::shared_ptr<const std::string> bytes; ///< what the views of `message` point into
        protocol::message message;
    };
    std::vector<sent_message> sent;
    std::map<link_id, protocol::errc> admitted;
    std::map<link_id, std::uint64_t> processed; ///< how many
    std::map<link_id, std::uint64_t> owed;      ///< in how many batches it was owed what it was sent
    std::vector<std::string> topics;
};

class lane_world : public testing::Test {
public:
    lane_world();
    ~lane_world() override;

    /// Starts the lane; `before` may change its options.
    void start(bool auto_create = true, std::vector<routing::shop_settings> shops = {});
    /// kill -9: what was not journaled is gone, as are all links; a new lane begins with what the store holds.
    void restart();

    link_id frontend();
    /// A client of the account says hello, without a presence yet.
    link_id hello(const std::string& account, std::vector<transport::seen_position> seen = {}, bool robot = false);
    /// hello and presence `online`.
    link_id agent(const std::string& account);
    void presence(link_id link, protocol::presence state);
    void publish(link_id link, std::string_view buyer, std::string_view text, protocol::publish options = {});
    template <class Message>
    void send(link_id link, const Message& message) {
        deliver({transport::received{link, ++rx_[link], who_[link].get(), message}});
    }
    void deliver(std::vector<transport::event> events);
    /// What `send` delivers waits until all of it is there.
    void together(const std::function<void()>& send);
    /// Turns the clock and lets timers fire on the way.
    void pass(std::chrono::milliseconds time);
    void run();

    /// Takes out what `link` was sent of one kind, oldest first. Views live until the world ends.
    template <class Message>
    std::vector<Message> take(link_id link) {
        std::vector<Message> found;
        std::erase_if(egress->sent, [&](const auto& each) {
            if (each.link != link || !std::holds_alternative<Message>(each.message)) return false;
            found.push_back(std::get<Message>(each.message));
            kept_.push_back(each.bytes);
            return true;
        });
        return found;
    }
    /// The only message of that kind.
    template <class Message>
    Message one(link_id link) {
        auto found = take<Message>(link);
        EXPECT_EQ(found.size(), 1U);
        return found.empty() ? Message{} : found.front();
    }
    /// Kinds sent to the link since the last call, in order.
    std::vector<std::uint32_t> kinds(link_id link);
    void forget() { egress->sent.clear(); }
    void in_lane(std::function<void(actors::lane&)> run);

    std::shared_ptr<recorded_egress> egress = std::make_shared<recorded_egress>();
    std::shared_ptr<recording_store> store = std::make_shared<recording_store>();
    routing::timestamp_ms now = 1'700'000'000'000;
    routing::timestamp_ms wall_ahead = 0; ///< somebody set the wall clock by so much
    std::vector<std::string> warnings;
    routing::policy defaults;
    actors::policy_language language;

private:
    void spawn(storage::recovered recovered);
    void stop();
    caf::scheduler::test_coordinator& coordinator() {
        return dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler());
    }

    caf::actor_system_config config_;
    std::unique_ptr<caf::actor_system> system_;
    caf::actor lane_;
    bool auto_create_ = true, together_ = false;
    std::vector<routing::shop_settings> shops_;
    link_id last_link_ = 0;
    std::map<link_id, std::shared_ptr<const transport::identity>> who_;
    std::map<link_id, std::uint64_t> rx_;
    std::vector<std::shared_ptr<const std::string>> kept_;
};

} // namespace fenliu::tests
