#include <gtest/gtest.h>

#include "raw_peer.hpp"
#include "recording_sink.hpp"
#include "transport/broker_socket.hpp"

namespace fenliu::transport::testing {
namespace {

using namespace std::chrono_literals;

class a_broker_socket : public ::testing::Test {
protected:
    void start() {
        options.bus = {"tcp://127.0.0.1:*"};
        options.feed = {"tcp://127.0.0.1:*"};
        auto made = broker_socket::bind(options, sink);
        ASSERT_TRUE(std::holds_alternative<std::unique_ptr<broker_socket>>(made));
        socket = std::move(std::get<std::unique_ptr<broker_socket>>(made));
        sink.answer_with(answer_everything, [this](outbound_batch&& batch) { socket->post(std::move(batch)); });
        socket->start();
        url = socket->bus_endpoints().front();
    }
    void TearDown() override {
        if (socket) socket->stop(0ms);
    }

    socket_options options;
    recording_sink sink;
    std::unique_ptr<broker_socket> socket;
    std::string url;
};

TEST_F(a_broker_socket, stores_what_a_frontend_publishes) {
    start();
    raw_peer peer(url);
    peer.send(frontend_hello());
    const auto welcome = peer.expect<protocol::welcome>();
    ASSERT_TRUE(welcome);
    EXPECT_FALSE(welcome->resumed);
    peer.send(publish_of("m1"), publish_of("m2", "zebra"));
    const auto first = peer.expect<protocol::stored>();
    ASSERT_TRUE(first);
    EXPECT_TRUE(peer.expect<protocol::stored>());
    EXPECT_TRUE(peer.acked(2));
}

} // namespace
} // namespace fenliu::transport::testing
