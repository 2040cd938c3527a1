// CURVE and the doorkeeper on real sockets: who gets in, to the bus and to the feed.
#include <gtest/gtest.h>

#include "guarded_socket.hpp"
#include "transport/client.hpp"

namespace fenliu::transport::testing {
namespace {

using protocol::grade;

class an_encrypted_socket : public a_guarded_socket {
protected:
    void SetUp() override { encrypt(); }

    client_options options_of(const std::string& token, protocol::role role = protocol::role::frontend) {
        client_options given;
        given.url = bus;
        given.role = role;
        given.token = token;
        given.server_key = broker_keys.public_key;
        given.secret_key = client_keys.secret_key;
        return given;
    }
    std::string bound(grade of, std::string shop = {}, std::string id = "t-1") {
        return the_issuer.token(of, std::move(shop), {}, client_keys.public_key, std::move(id));
    }
    /// Polls until the client is in that state.
    static bool becomes(client& of, client_state state) {
        const auto deadline = steady::now() + 10s;
        while (of.state() != state && steady::now() < deadline)
            of.poll(50ms);
        return of.state() == state;
    }
    void subscribe(watched_client& reader, const std::string& topic) {
        encrypt_client(reader.socket, broker_keys.public_key, client_keys.secret_key);
        reader.socket.set(zmq::sockopt::subscribe, topic);
        reader.socket.connect(feed);
    }

    const key_pair client_keys = make_curve_pair();
};

TEST_F(an_encrypted_socket, serves_a_client_with_its_key_and_its_token) {
    start();
    std::size_t stored = 0;
    client peer(options_of(bound(grade::frontend, "acme")),
                {.on_message = [&](const protocol::message& each) { stored += std::holds_alternative<protocol::stored>(each); },
                 .on_open = {},
                 .on_lost = {},
                 .seen = {}});
    ASSERT_TRUE(becomes(peer, client_state::open));
    peer.send(publish_of("m-1"));
    const auto deadline = steady::now() + 10s;
    while (stored == 0 && steady::now() < deadline)
        peer.poll(50ms);
    EXPECT_EQ(stored, 1U);
}

TEST_F(an_encrypted_socket, refuses_a_token_that_another_client_copied) {
    start();
    auto thief = options_of(bound(grade::frontend, "acme"));
    thief.secret_key.clear(); // a key of its own
    client peer(thief, {});
    ASSERT_TRUE(becomes(peer, client_state::refused));
    EXPECT_EQ(peer.why()->code, protocol::errc::unauthenticated);
}

TEST_F(an_encrypted_socket, lets_nobody_in_who_comes_in_clear_or_with_a_password_or_to_another_broker) {
    start();
    const auto attempt = [&](auto prepare, zmq::socket_type type, const std::string& to) {
        watched_client peer(type);
        prepare(peer.socket);
        peer.socket.connect(to);
        return peer.gets_in();
    };
    const auto in_clear = [](zmq::socket_t&) {};
    const auto with_password = [](zmq::socket_t& of) {
        of.set(zmq::sockopt::plain_username, "admin");
        of.set(zmq::sockopt::plain_password, "admin");
    };
    const auto to_another = [](zmq::socket_t& of) { encrypt_client(of, make_curve_pair().public_key, {}); };
    for (const auto& [type, to] : {std::pair(zmq::socket_type::dealer, bus), std::pair(zmq::socket_type::sub, feed)}) {
        EXPECT_FALSE(attempt(in_clear, type, to)) << to;
        EXPECT_FALSE(attempt(with_password, type, to)) << to;
        EXPECT_FALSE(attempt(to_another, type, to)) << to;
    }
    EXPECT_TRUE(sink.notes().empty());
    EXPECT_EQ(socket->figures().frames_in, 0U);
    EXPECT_EQ(socket->figures().feed_subscriptions, 0U);
}

TEST_F(an_encrypted_socket, takes_no_password_from_clients_of_an_endpoint_in_clear_either) {
    options.security.encrypt_loopback = false;
    start();
    watched_client peer(zmq::socket_type::dealer);
    peer.socket.set(zmq::sockopt::plain_username, "admin");
    peer.socket.set(zmq::sockopt::plain_password, "admin");
    peer.socket.connect(bus);
    EXPECT_FALSE(peer.gets_in());
    watched_client plain(zmq::socket_type::dealer);
    plain.socket.connect(bus);
    EXPECT_TRUE(plain.gets_in());
}

TEST_F(an_encrypted_socket, keeps_the_feed_from_keys_without_a_session_that_may_follow_it) {
    start();
    watched_client stranger(zmq::socket_type::sub);
    subscribe(stranger, "");
    EXPECT_FALSE(stranger.gets_in());
    client frontend(options_of(bound(grade::frontend, "acme")), {});
    ASSERT_TRUE(becomes(frontend, client_state::open));
    watched_client reader(zmq::socket_type::sub);
    subscribe(reader, "shop/acme/");
    EXPECT_FALSE(reader.gets_in()) << "a frontend may not";
    EXPECT_GE(socket->figures().handshakes_refused, 2U);
}

TEST_F(an_encrypted_socket, gives_a_reader_of_the_feed_the_events_of_its_shop_alone) {
    start();
    client auditor(options_of(bound(grade::auditor, "acme"), protocol::role::admin), {});
    ASSERT_TRUE(becomes(auditor, client_state::open));
    watched_client reader(zmq::socket_type::sub);
    subscribe(reader, "");      // everything
    subscribe(reader, "shop/"); // every shop
    subscribe(reader, "shop/acme/");
    ASSERT_TRUE(reader.gets_in());
    ASSERT_TRUE(figures_become([](const socket_figures& now) { return now.feed_subscriptions == 1; }));
    outbound_batch batch;
    for (const char* topic : {"shop/other/message", "shop/acmes/message", "shop/acme/message"})
        batch.feed.push_back({topic, "\x80"});
    socket->post(std::move(batch));
    zmq::pollitem_t item{reader.socket.handle(), 0, ZMQ_POLLIN, 0};
    ASSERT_EQ(zmq::poll(&item, 1, 10s), 1);
    zmq::message_t topic, body;
    ASSERT_TRUE(reader.socket.recv(topic));
    ASSERT_TRUE(reader.socket.recv(body));
    EXPECT_EQ(topic.to_string(), "shop/acme/message") << "those before it never came";
}

TEST_F(an_encrypted_socket, ends_the_feed_of_a_client_with_its_last_session) {
    start();
    client admin(options_of(bound(grade::admin), protocol::role::admin), {});
    ASSERT_TRUE(becomes(admin, client_state::open));
    watched_client reader(zmq::socket_type::sub);
    subscribe(reader, "");
    ASSERT_TRUE(reader.gets_in());
    ASSERT_TRUE(figures_become([](const socket_figures& now) { return now.feed_subscriptions == 1; }));
    outbound_batch batch;
    batch.revocations.push_back({"t-1", 0});
    socket->post(std::move(batch));
    ASSERT_TRUE(becomes(admin, client_state::refused));
    EXPECT_TRUE(reader.is_cut());
    EXPECT_TRUE(figures_become([](const socket_figures& now) { return now.feed_subscriptions == 0; }));
    EXPECT_FALSE(reader.gets_in()) << "it tries again by itself";
}

TEST_F(an_encrypted_socket, shakes_no_more_hands_with_an_address_than_it_may_and_goes_on_with_the_others) {
    options.security.handshakes_per_s = 1;
    start();
    client before(options_of(bound(grade::frontend, "acme")), {});
    ASSERT_TRUE(becomes(before, client_state::open));
    bool refused = false;
    for (std::uint32_t each = 0; each < 3 * limits::handshakes_saved_s && !refused; ++each) {
        watched_client peer(zmq::socket_type::dealer);
        encrypt_client(peer.socket, broker_keys.public_key, {});
        peer.socket.connect(bus);
        refused = !peer.gets_in();
    }
    EXPECT_TRUE(refused);
    EXPECT_TRUE(figures_become([](const socket_figures& now) { return now.handshakes_refused > 0; }));
    // Another address of this machine.
    watched_client other(zmq::socket_type::dealer);
    encrypt_client(other.socket, broker_keys.public_key, {});
    other.socket.connect("tcp://127.0.0.2:0;" + bus.substr(std::string_view("tcp://").size()));
    EXPECT_TRUE(other.gets_in());
    before.send(publish_of("m-1"));
    const auto deadline = steady::now() + 10s;
    while (before.unanswered() > 0 && steady::now() < deadline)
        before.poll(50ms);
    EXPECT_EQ(before.unanswered(), 0U);
}

TEST_F(an_encrypted_socket, believes_no_client_in_clear_that_says_whose_key_it_has) {
    options.security.encrypt_loopback = false;
    start();
    auto hello = frontend_hello();
    const auto token = bound(grade::frontend, "acme");
    hello.token = token;
    std::string frame;
    protocol::encode(frame, hello);
    const raw_tcp liar(bus);
    ASSERT_TRUE(liar.shake_hands({{"User-Id", client_keys.public_key}, {"Peer-Address", "192.0.2.1"}, {"__fd", "0"}}));
    ASSERT_TRUE(liar.send(raw_tcp::head_of(frame.size()) + frame));
    EXPECT_EQ(liar.read_until({"UNAUTHENTICATED", "heartbeat_ms"}), "UNAUTHENTICATED");
}

TEST_F(a_guarded_socket, binds_no_endpoint_that_other_machines_reach_in_clear) {
    socket_options open;
    open.bus = {"tcp://0.0.0.0:*"};
    const auto refused = broker_socket::bind(open, sink);
    ASSERT_TRUE(std::holds_alternative<protocol::failure>(refused));
    EXPECT_NE(std::get<protocol::failure>(refused).text.find("in clear"), std::string::npos);
    open.security.insecure = true;
    EXPECT_TRUE(std::holds_alternative<std::unique_ptr<broker_socket>>(broker_socket::bind(open, sink)));
    open.security.insecure = false;
    open.security.curve_secret = broker_keys.secret_key;
    EXPECT_TRUE(std::holds_alternative<std::unique_ptr<broker_socket>>(broker_socket::bind(open, sink)));
    open.bus = {"tcp://127.0.0.1:*"};
    open.feed = {"tcp://0.0.0.0:*"};
    open.security.curve_secret.clear();
    EXPECT_TRUE(std::holds_alternative<protocol::failure>(broker_socket::bind(open, sink))) << "nor the feed";
}

TEST(an_endpoint_of_a_socket, is_local_on_loopback_and_ipc_alone) {
    for (const auto* each : {"tcp://127.0.0.1:5570", "tcp://127.8.9.10:1", "tcp://localhost:1", "tcp://[::1]:1", "ipc://bus"})
        EXPECT_TRUE(is_local(each)) << each;
    for (const auto* each : {"tcp://0.0.0.0:5570", "tcp://*:5570", "tcp://10.0.0.1:1", "tcp://eth0:1", "tcp://[::]:1",
                             "tcp://127.example.org:1", "tcp://127.1.2.3.example.org:1"})
        EXPECT_FALSE(is_local(each)) << each;
}

} // namespace
} // namespace fenliu::transport::testing
