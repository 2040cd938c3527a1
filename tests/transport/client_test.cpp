#include <gtest/gtest.h>

#include "raw_peer.hpp"
#include "recording_sink.hpp"
#include "transport/broker_socket.hpp"
#include "transport/client.hpp"

namespace fenliu::transport::testing {
namespace {

using namespace std::chrono_literals;

class a_client : public ::testing::Test {
protected:
    void start(const std::string& endpoint = "tcp://127.0.0.1:*") {
        options.bus = {endpoint};
        options.feed = {};
        auto made = broker_socket::bind(options, sink);
        ASSERT_TRUE(std::holds_alternative<std::unique_ptr<broker_socket>>(made)) << std::get<protocol::failure>(made).text;
        socket = std::move(std::get<std::unique_ptr<broker_socket>>(made));
        sink.answer_with(answer_everything, [this](outbound_batch&& batch) { socket->post(std::move(batch)); });
        socket->start();
        url = socket->bus_endpoints().front();
    }
    void TearDown() override {
        if (socket) socket->stop(0ms);
    }
    /// Polls until the condition holds; false when it does not within ten seconds.
    template <class Holds>
    static bool eventually(client& polled, Holds holds) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            polled.poll(50ms);
        }
        return true;
    }

    socket_options options;
    recording_sink sink;
    std::unique_ptr<broker_socket> socket;
    std::string url;
};

TEST_F(a_client, is_answered) {
    start();
    int stored = 0;
    client_events events;
    events.on_message = [&](const protocol::message& message) { stored += std::holds_alternative<protocol::stored>(message); };
    client one({.url = url}, std::move(events));
    for (int index = 0; index < 3000; ++index)
        one.send(publish_of("m" + std::to_string(index)));
    EXPECT_TRUE(eventually(one, [&] { return one.unanswered() == 0; }));
    EXPECT_EQ(stored, 3000);
    one.close(1s);
    EXPECT_EQ(one.state(), client_state::closed);
    EXPECT_TRUE(sink.eventually(noted::what::closed, 2));
}

} // namespace
} // namespace fenliu::transport::testing
