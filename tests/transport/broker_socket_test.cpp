// The broker's end over real sockets, with lanes that answer everything.
#include <filesystem>

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
        if (options.bus.empty()) options.bus = {"tcp://127.0.0.1:*"};
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
    template <class Message>
    void post(link_id link, const Message& message) {
        outbound_batch batch;
        add_send(batch, link, message);
        socket->post(std::move(batch));
    }
    /// The link of the newest session, once one is open.
    link_id opened(std::size_t sessions = 1) {
        EXPECT_TRUE(sink.eventually(noted::what::opened, 2 * sessions));
        link_id newest = 0;
        for (const auto& note : sink.notes())
            newest = std::max(newest, note.link);
        return newest;
    }
    /// Waits until the figures are as wanted; they change with the thread's next turn.
    template <class Holds>
    bool figures_become(Holds holds) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!holds(socket->figures())) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            std::this_thread::yield();
        }
        return true;
    }

    socket_options options;
    recording_sink sink;
    std::unique_ptr<broker_socket> socket;
    std::string url;
};

TEST_F(a_broker_socket, stores_and_acks_what_a_frontend_publishes) {
    start();
    raw_peer peer(url);
    peer.send(frontend_hello());
    const auto welcome = peer.expect<protocol::welcome>();
    ASSERT_TRUE(welcome);
    EXPECT_FALSE(welcome->resumed);
    peer.send(publish_of("m1"), publish_of("m2", "zebra"));
    EXPECT_TRUE(peer.expect<protocol::stored>());
    EXPECT_TRUE(peer.expect<protocol::stored>());
    EXPECT_TRUE(peer.acked(2));
    EXPECT_TRUE(figures_become([](const socket_figures& now) { return now.messages_in == 3 && now.in_flight_bytes == 0; }));
}

TEST_F(a_broker_socket, comes_back_to_frames_that_one_drain_leaves) {
    start();
    raw_peer peer(url);
    peer.send(frontend_hello());
    ASSERT_TRUE(peer.expect<protocol::welcome>());
    constexpr std::size_t count = limits::window;
    static_assert(count > limits::frames_per_drain);
    for (std::size_t number = 1; number <= count; ++number)
        peer.send(publish_of("m" + std::to_string(number)));
    EXPECT_TRUE(peer.acked(count));
}

TEST_F(a_broker_socket, serves_ipc_as_well) {
    const auto directory = std::filesystem::temp_directory_path() / ("fenliu-bus-" + std::to_string(::getpid()));
    std::filesystem::create_directory(directory);
    options.bus = {"ipc://" + (directory / "bus").string()};
    start();
    raw_peer peer(url);
    peer.send(agent_hello("acme:ann"));
    EXPECT_TRUE(peer.expect<protocol::welcome>());
    socket->stop(0ms);
    std::filesystem::remove_all(directory);
}

TEST_F(a_broker_socket, says_where_it_cannot_bind_and_what_to_do) {
    start();
    socket_options second;
    second.bus = {url};
    auto in_use = broker_socket::bind(second, sink);
    ASSERT_TRUE(std::holds_alternative<protocol::failure>(in_use));
    EXPECT_NE(std::get<protocol::failure>(in_use).text.find(url), std::string::npos);
    EXPECT_NE(std::get<protocol::failure>(in_use).text.find("in use"), std::string::npos);
    second.bus = {"127.0.0.1:5570"};
    auto no_address = broker_socket::bind(second, sink);
    ASSERT_TRUE(std::holds_alternative<protocol::failure>(no_address));
    EXPECT_NE(std::get<protocol::failure>(no_address).text.find("not an address"), std::string::npos);
}

TEST_F(a_broker_socket, refuses_another_version_and_data_before_hello) {
    start();
    raw_peer peer(url);
    peer.send(publish_of("m1"));
    EXPECT_EQ(peer.expect<protocol::error>().value().code, "SESSION_NOT_FOUND");
    auto hello = frontend_hello();
    hello.version = 9;
    peer.send(hello);
    EXPECT_EQ(peer.expect<protocol::error>().value().code, "UNSUPPORTED_VERSION");
    EXPECT_EQ(peer.expect<protocol::bye>().value().code, "UNSUPPORTED_VERSION");
    peer.send(frontend_hello());
    EXPECT_TRUE(peer.expect<protocol::welcome>()) << "the connection is as good as before";
}

TEST_F(a_broker_socket, says_bye_to_depth_bombs_and_to_frames_of_two_parts) {
    start();
    for (const bool parts : {false, true}) {
        raw_peer peer(url);
        peer.send(frontend_hello());
        ASSERT_TRUE(peer.expect<protocol::welcome>());
        if (parts)
            peer.send_parts("\x91\x03", "\x91\x03");
        else
            peer.send_bytes(std::string(100'000, '\x91'));
        const auto error = peer.expect<protocol::error>();
        ASSERT_TRUE(error);
        EXPECT_EQ(error->code, "MALFORMED");
        EXPECT_EQ(peer.expect<protocol::bye>().value().code, "MALFORMED");
    }
    EXPECT_TRUE(sink.eventually(noted::what::closed, 4));
}

TEST_F(a_broker_socket, drops_the_connection_of_an_oversize_frame_and_resumes_its_session) {
    start();
    raw_peer peer(url);
    peer.send(frontend_hello());
    const auto welcome = peer.expect<protocol::welcome>();
    ASSERT_TRUE(welcome);
    peer.send_bytes(std::string(limits::frame_bytes + 1, '\x03'));
    EXPECT_TRUE(sink.eventually(noted::what::lost, 2));
    auto hello = frontend_hello();
    hello.resume_session = welcome->session;
    raw_peer back(url); // not the same: its libzmq may not know yet that the connection has ended, and what is sent goes with it
    back.send(hello);
    const auto again = back.expect<protocol::welcome>();
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->resumed);
}

TEST_F(a_broker_socket, refuses_a_routing_id_of_the_peers_own_choice) {
    start();
    raw_peer peer(url, "victim");
    peer.send(frontend_hello());
    EXPECT_EQ(peer.expect<protocol::error>().value().code, "MALFORMED");
    EXPECT_TRUE(peer.expect<protocol::bye>());
    EXPECT_EQ(sink.notes().size(), 0u);
}

TEST_F(a_broker_socket, notices_a_peer_that_leaves_without_a_word) {
    start();
    {
        raw_peer peer(url);
        peer.send(frontend_hello(), publish_of("m1"));
        ASSERT_TRUE(peer.expect<protocol::welcome>());
    }
    EXPECT_TRUE(sink.eventually(noted::what::lost, 2));
    EXPECT_EQ(sink.count(noted::what::data), 1u);
}

TEST_F(a_broker_socket, keeps_what_a_lost_peer_was_sent_and_replays_exactly_that) {
    start();
    auto first = std::make_unique<raw_peer>(url);
    first->send(frontend_hello());
    const auto welcome = first->expect<protocol::welcome>();
    ASSERT_TRUE(welcome);
    const std::string session(welcome->session);
    const link_id link = opened();
    for (std::uint32_t position = 1; position <= 3; ++position)
        post(link, protocol::queue_moved{"acme", "bob", position, 0});
    for (std::uint32_t position = 1; position <= 3; ++position)
        ASSERT_EQ(first->expect<protocol::queue_moved>().value().position, position);
    first.reset();
    ASSERT_TRUE(sink.eventually(noted::what::lost, 2));
    post(link, protocol::queue_moved{"acme", "bob", 4, 0});

    raw_peer second(url);
    auto hello = frontend_hello();
    hello.resume_session = session;
    hello.resume_rx = 2;
    second.send(hello);
    ASSERT_TRUE(second.expect<protocol::welcome>().value().resumed);
    EXPECT_EQ(second.expect<protocol::queue_moved>().value().position, 3u);
    EXPECT_EQ(second.expect<protocol::queue_moved>().value().position, 4u);
    EXPECT_TRUE(sink.eventually(noted::what::resumed, 2));
}

TEST_F(a_broker_socket, supersedes_an_agents_older_session) {
    start();
    raw_peer older(url);
    older.send(agent_hello("acme:ann"));
    ASSERT_TRUE(older.expect<protocol::welcome>());
    raw_peer newer(url);
    newer.send(agent_hello("acme:ann"));
    ASSERT_TRUE(newer.expect<protocol::welcome>());
    EXPECT_EQ(older.expect<protocol::bye>().value().code, "SUPERSEDED");
    older.send(protocol::presence_change{protocol::presence::online, "p1"});
    EXPECT_EQ(older.expect<protocol::error>().value().code, "SESSION_NOT_FOUND");
}

TEST_F(a_broker_socket, ends_the_session_of_a_consumer_that_acks_nothing) {
    options.outbox_bytes = limits::frame_bytes;
    start();
    raw_peer peer(url);
    peer.send(frontend_hello());
    ASSERT_TRUE(peer.expect<protocol::welcome>());
    const link_id link = opened();
    const std::string text(16'000, 'x');
    for (int count = 0; count < 20; ++count)
        post(link, protocol::prompt{"acme", "bob", "t", text});
    EXPECT_TRUE(sink.eventually(noted::what::closed, 2));
    EXPECT_TRUE(figures_become([](const socket_figures& now) { return now.slow_closed == 1 && now.sessions == 0; }));
}

TEST_F(a_broker_socket, closes_connections_that_say_no_hello) {
    options.hello_timeout = 200ms;
    start();
    raw_peer peer(url);
    peer.socket().set(zmq::sockopt::reconnect_ivl, -1);
    ASSERT_EQ(zmq_socket_monitor(peer.socket().handle(), "inproc://closed", ZMQ_EVENT_DISCONNECTED), 0);
    peer.send(protocol::heartbeat{});
    EXPECT_EQ(peer.expect<protocol::error>().value().code, "SESSION_NOT_FOUND");
    zmq::socket_t closed(peer.context(), zmq::socket_type::pair);
    closed.set(zmq::sockopt::rcvtimeo, 10'000);
    closed.connect("inproc://closed");
    zmq::message_t news;
    EXPECT_TRUE(closed.recv(news)) << "the broker did not close the connection";
}

TEST_F(a_broker_socket, tells_everybody_when_it_stops) {
    start();
    raw_peer peer(url);
    peer.send(frontend_hello());
    ASSERT_TRUE(peer.expect<protocol::welcome>());
    post(opened(), protocol::queue_moved{"acme", "bob", 1, 0});
    socket->stop(2s);
    EXPECT_TRUE(peer.expect<protocol::queue_moved>());
    EXPECT_EQ(peer.expect<protocol::bye>().value().code, "SHUTTING_DOWN");
    socket->stop(2s); // again is no harm
}

TEST_F(a_broker_socket, publishes_the_feed_to_its_subscribers_and_knows_whether_there_are_any) {
    start();
    EXPECT_FALSE(socket->feed_wanted());
    zmq::context_t context;
    zmq::socket_t subscriber(context, zmq::socket_type::sub);
    subscriber.set(zmq::sockopt::rcvtimeo, 10'000);
    subscriber.set(zmq::sockopt::linger, 0);
    subscriber.set(zmq::sockopt::subscribe, "shop/acme/");
    subscriber.connect(socket->feed_endpoints().front());
    ASSERT_TRUE(figures_become([](const socket_figures& now) { return now.feed_subscriptions == 1; }));
    EXPECT_TRUE(socket->feed_wanted());
    outbound_batch batch;
    batch.feed = {{"shop/zoo/line", "\x80"}, {"shop/acme/line", "\x81\xa1n\x01"}};
    socket->post(std::move(batch));
    zmq::message_t topic;
    zmq::message_t body;
    ASSERT_TRUE(subscriber.recv(topic));
    ASSERT_TRUE(subscriber.recv(body));
    EXPECT_EQ(topic.to_string(), "shop/acme/line");
    EXPECT_EQ(body.to_string(), "\x81\xa1n\x01");
    subscriber.close();
    EXPECT_TRUE(figures_become([](const socket_figures& now) { return now.feed_subscriptions == 0; }));
    EXPECT_FALSE(socket->feed_wanted());
}

TEST_F(a_broker_socket, misses_no_subscription_that_comes_while_it_publishes) {
    start();
    zmq::context_t context;
    zmq::socket_t subscriber(context, zmq::socket_type::sub);
    subscriber.connect(socket->feed_endpoints().front());
    for (std::uint64_t number = 0; number < 100; ++number) {
        outbound_batch batch;
        batch.feed.assign(40'000, {"shop/zoo/line", "\x80"});
        socket->post(std::move(batch));
        subscriber.set(zmq::sockopt::subscribe, "shop/" + std::to_string(number));
        // Nothing wakes the thread any more but the subscription itself.
        ASSERT_TRUE(figures_become([&](const socket_figures& now) { return now.feed_subscriptions == number + 1; }));
    }
}

TEST_F(a_broker_socket, answers_many_peers_at_once) {
    start();
    std::vector<std::unique_ptr<raw_peer>> peers;
    for (int index = 0; index < 50; ++index) {
        peers.push_back(std::make_unique<raw_peer>(url));
        peers.back()->send(agent_hello("acme:agent" + std::to_string(index)));
    }
    for (auto& peer : peers) {
        ASSERT_TRUE(peer->expect<protocol::welcome>());
        peer->send(protocol::say{.msg_id = "s1", .conversation = "c1", .epoch = 1, .text = "x"});
    }
    for (auto& peer : peers)
        ASSERT_TRUE(peer->expect<protocol::said>());
    EXPECT_TRUE(figures_become([](const socket_figures& now) { return now.sessions == 50; }));
}

} // namespace
} // namespace fenliu::transport::testing
