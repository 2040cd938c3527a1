// The client against a broker's socket, over real connections.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

#include "raw_peer.hpp"
#include "recording_sink.hpp"
#include "transport/broker_socket.hpp"
#include "transport/client.hpp"
#include "transport/client_set.hpp"

namespace fenliu::transport::testing {
namespace {

using namespace std::chrono_literals;

/// Shuts this process's TCP connections to the endpoint down, as a network would that fails; returns how many.
int cut_connections_to(const std::string& endpoint) {
    const int port = std::stoi(endpoint.substr(endpoint.rfind(':') + 1));
    int cut = 0;
    for (int fd = 3; fd < 1024; ++fd) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0 || peer.sin_family != AF_INET) continue;
        if (ntohs(peer.sin_port) == port && ::shutdown(fd, SHUT_RDWR) == 0) ++cut;
    }
    return cut;
}

class a_client : public ::testing::Test {
protected:
    void start(const std::string& endpoint = "tcp://127.0.0.1:*") {
        options.bus = {endpoint};
        auto made = broker_socket::bind(options, sink);
        ASSERT_TRUE(std::holds_alternative<std::unique_ptr<broker_socket>>(made)) << std::get<protocol::failure>(made).text;
        socket = std::move(std::get<std::unique_ptr<broker_socket>>(made));
        sink.answer_with(answer_everything, [this](outbound_batch&& batch) { socket->post(std::move(batch)); });
        socket->start();
        url = socket->bus_endpoints().front();
    }
    void restart() {
        socket->stop(0ms);
        socket.reset();
        start(url);
    }
    void TearDown() override {
        if (socket) socket->stop(0ms);
    }
    client_events events() {
        client_events made;
        made.on_message = [this](const protocol::message& message) {
            if (const auto ref = protocol::ref_of(message)) answers.emplace_back(*ref);
        };
        made.on_open = [this](bool resumed, bool first) { opened.push_back({resumed, first}); };
        return made;
    }
    /// Polls until the condition holds; false when it does not within ten seconds.
    template <class Holds>
    static bool eventually(client& polled, Holds holds) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            polled.poll(20ms);
        }
        return true;
    }
    static bool is_answered(client& polled) {
        return eventually(polled, [&] { return polled.unanswered() == 0; });
    }

    struct opening {
        bool resumed, first;
    };
    socket_options options;
    recording_sink sink;
    std::unique_ptr<broker_socket> socket;
    std::string url;
    std::vector<std::string> answers;
    std::vector<opening> opened;
};

TEST_F(a_client, is_answered_in_order_far_beyond_its_credit) {
    options.window = 32;
    start();
    client one({.url = url, .window = 32}, events());
    for (int index = 0; index < 3000; ++index)
        one.send(publish_of("m" + std::to_string(index)));
    EXPECT_EQ(one.queued(), 3000u);
    ASSERT_TRUE(is_answered(one));
    ASSERT_EQ(answers.size(), 3000u);
    for (int index = 0; index < 3000; ++index)
        ASSERT_EQ(answers[static_cast<std::size_t>(index)], "m" + std::to_string(index));
    EXPECT_EQ(one.queued(), 0u);
    ASSERT_EQ(opened.size(), 1u);
    EXPECT_TRUE(opened[0].first);
    one.close(5s);
    EXPECT_EQ(one.state(), client_state::closed);
    EXPECT_TRUE(sink.eventually(noted::what::closed, 2));
}

TEST_F(a_client, may_be_there_before_its_broker) {
    start();
    socket->stop(0ms);
    socket.reset();
    client one({.url = url}, events());
    one.send(publish_of("m1"));
    one.poll(50ms);
    EXPECT_EQ(one.state(), client_state::connecting);
    start(url);
    EXPECT_TRUE(is_answered(one));
}

TEST_F(a_client, sends_again_when_its_broker_was_restarted) {
    start();
    client one({.url = url}, events());
    one.send(publish_of("m1"));
    ASSERT_TRUE(is_answered(one));
    sink.answer_with({}, {}); // the lanes take what comes and say nothing
    for (const char* id : {"m2", "m3"})
        one.send(publish_of(id));
    ASSERT_TRUE(eventually(one, [&] { return sink.count(noted::what::data) == 3; }));
    restart();
    one.send(publish_of("m4"));
    ASSERT_TRUE(is_answered(one));
    EXPECT_EQ(answers, (std::vector<std::string>{"m1", "m2", "m3", "m4"}));
    ASSERT_EQ(opened.size(), 2u);
    EXPECT_FALSE(opened[1].resumed);
    EXPECT_FALSE(opened[1].first);
}

TEST_F(a_client, resumes_when_only_the_connection_was_cut) {
    start();
    client one({.url = url}, events());
    one.send(publish_of("m1"));
    ASSERT_TRUE(is_answered(one));
    for (const char* id : {"m2", "m3", "m4"}) {
        const std::size_t before = opened.size();
        ASSERT_GT(cut_connections_to(url), 0);
        one.send(publish_of(id));
        ASSERT_TRUE(is_answered(one));
        ASSERT_TRUE(eventually(one, [&] { return opened.size() == before + 1; }));
        EXPECT_TRUE(opened.back().resumed);
    }
    EXPECT_EQ(answers, (std::vector<std::string>{"m1", "m2", "m3", "m4"}));
    EXPECT_EQ(sink.count(noted::what::data), 4u) << "nothing came twice";
}

TEST_F(a_client, is_refused_with_the_brokers_reason) {
    options.tokens = {{"secret", protocol::role::frontend, {}, {}}};
    start();
    client one({.url = url, .token = "wrong"}, events());
    ASSERT_TRUE(eventually(one, [&] { return one.state() == client_state::refused; }));
    ASSERT_TRUE(one.why());
    EXPECT_EQ(one.why().value().code, protocol::errc::unauthenticated);
    EXPECT_FALSE(one.why().value().text.empty());
}

TEST_F(a_client, gives_up_after_as_long_as_it_was_told) {
    start();
    socket->stop(0ms);
    client one({.url = url, .give_up = 100ms}, {});
    ASSERT_TRUE(eventually(one, [&] { return one.state() == client_state::unreachable; }));
    EXPECT_NE(one.why().value().text.find(url), std::string::npos);
    client nowhere({.url = "nonsense"}, {});
    EXPECT_EQ(nowhere.state(), client_state::unreachable);
}

TEST_F(a_client, stays_refused_when_another_takes_its_account) {
    start();
    client_options account{.url = url, .role = protocol::role::agent, .account = "acme:ann"};
    client older(account, {});
    ASSERT_TRUE(eventually(older, [&] { return older.state() == client_state::open; }));
    client newer(account, events());
    newer.send(protocol::presence_change{protocol::presence::online, "p1"});
    ASSERT_TRUE(is_answered(newer));
    ASSERT_TRUE(eventually(older, [&] { return older.state() == client_state::refused; }));
    EXPECT_EQ(older.why().value().code, protocol::errc::superseded);
}

TEST_F(a_client, tells_the_broker_what_it_has_seen) {
    start();
    client_events with_seen = events();
    with_seen.seen = [] { return std::vector<std::pair<std::string, std::uint64_t>>{{"c1", 7}}; };
    client one({.url = url, .role = protocol::role::agent, .account = "acme:ann"}, std::move(with_seen));
    ASSERT_TRUE(eventually(one, [&] { return one.state() == client_state::open; }));
    const auto notes = sink.notes();
    ASSERT_EQ(notes.size(), 1u);
    ASSERT_EQ(notes[0].seen.size(), 1u);
    EXPECT_EQ(notes[0].seen[0].conversation, "c1");
}

TEST_F(a_client, keeps_its_session_alive_with_nothing_to_say) {
    options.heartbeat = 50ms;
    start();
    client one({.url = url}, events());
    // A hello and more heartbeats than a session may miss.
    EXPECT_TRUE(eventually(one, [&] { return socket->figures().frames_in >= 2 + limits::heartbeats_missed; }));
    EXPECT_EQ(one.state(), client_state::open);
    EXPECT_EQ(opened.size(), 1u);
    EXPECT_EQ(sink.count(noted::what::lost), 0u);
}

// --- many clients in a set ---------------------------------------------------------------------------------------------------

class a_client_set : public a_client {
protected:
    client& add(client_events events = {}, client_options wanted = {}) {
        wanted.url = url;
        client& made = *owned.emplace_back(std::make_unique<client>(wanted, std::move(events)));
        set.add(made);
        return made;
    }
    template <class Holds>
    bool eventually(Holds holds) {
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!holds() && std::chrono::steady_clock::now() < deadline)
            set.poll(50ms);
        return holds();
    }
    [[nodiscard]] bool all_answered() const {
        return std::ranges::all_of(owned, [](const auto& each) { return each->unanswered() == 0; });
    }

    std::vector<std::unique_ptr<client>> owned;
    client_set set;
};

TEST_F(a_client_set, has_one_wait_for_all) {
    start();
    for (int index = 0; index < 50; ++index)
        for (client& made = add(); made.unanswered() < 20;)
            made.send(publish_of("m" + std::to_string(made.unanswered())));
    EXPECT_EQ(set.size(), 50u);
    EXPECT_TRUE(eventually([&] { return all_answered(); }));
}

TEST_F(a_client_set, takes_more_clients_at_once_than_one_look_finds) {
    start();
    for (int index = 0; index < 200; ++index)
        add();
    const auto open = [](const auto& each) { return each->state() == client_state::open; };
    ASSERT_TRUE(eventually([&] { return std::ranges::all_of(owned, open); }));
    for (const auto& each : owned)
        each->send(publish_of("m"));
    EXPECT_TRUE(eventually([&] { return all_answered(); }));
}

TEST_F(a_client_set, sends_what_one_client_says_when_another_hears_something) {
    start();
    client& reacts = add();
    client_events hears;
    hears.on_message = [&](const protocol::message&) { reacts.send(publish_of("second")); };
    client& asks = add(std::move(hears));
    ASSERT_TRUE(eventually([&] { return reacts.state() == client_state::open; }));
    asks.send(publish_of("first"));
    EXPECT_TRUE(eventually([&] { return sink.count(noted::what::data) == 2 && all_answered(); }));
}

TEST_F(a_client_set, keeps_sessions_alive_with_nothing_to_say) {
    options.heartbeat = 50ms;
    start();
    for (int index = 0; index < 3; ++index)
        add();
    // A hello and more heartbeats than a session may miss, of each.
    EXPECT_TRUE(eventually([&] { return socket->figures().frames_in >= 3 * (2 + limits::heartbeats_missed); }));
    for (const auto& each : owned)
        EXPECT_EQ(each->state(), client_state::open);
    EXPECT_EQ(sink.count(noted::what::lost), 0u);
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
}

TEST_F(a_client_set, looks_at_a_client_whose_time_came_though_nothing_else_did) {
    zmq::context_t context;
    zmq::socket_t silent(context, zmq::socket_type::router);
    silent.bind("tcp://127.0.0.1:*");
    url = silent.get(zmq::sockopt::last_endpoint);
    const client& one = add({}, {.give_up = 200ms});
    EXPECT_TRUE(eventually([&] { return one.state() == client_state::unreachable; }));
    EXPECT_EQ(set.size(), 0u);
}

TEST_F(a_client_set, finds_a_connection_again_that_was_cut) {
    start();
    client& one = add(events());
    ASSERT_TRUE(eventually([&] { return one.state() == client_state::open; }));
    ASSERT_GT(cut_connections_to(url), 0);
    EXPECT_TRUE(eventually([&] { return opened.size() == 2; }));
}

TEST_F(a_client_set, loses_whoever_ends_is_closed_or_destroyed) {
    start();
    client& refused = add({}, {.role = protocol::role::agent, .token = "nobody's"});
    client& closed = add();
    add();
    ASSERT_TRUE(eventually([&] { return refused.state() == client_state::refused; }));
    EXPECT_EQ(set.size(), 2u);
    closed.close(0ms);
    EXPECT_EQ(set.size(), 1u);
    owned.pop_back();
    EXPECT_EQ(set.size(), 0u);
    set.poll(10s); // nobody to wait for
}

TEST_F(a_client_set, lets_a_client_destroy_another_whose_turn_comes_next) {
    start();
    client_events hears;
    hears.on_message = [&](const protocol::message&) { owned.resize(1); };
    client& first = add(std::move(hears));
    client& second = add();
    const auto open = [](const auto& each) { return each->state() == client_state::open; };
    ASSERT_TRUE(eventually([&] { return std::ranges::all_of(owned, open); }));
    first.send(publish_of("m"));
    const auto alone = [&] {
        if (owned.size() == 1) return true;
        second.send(publish_of("n")); // something to do in each round, so also in that of the answer
        return false;
    };
    EXPECT_TRUE(eventually(alone));
    EXPECT_EQ(set.size(), 1u);
}

TEST_F(a_client_set, may_end_before_its_clients) {
    start();
    client one({.url = url}, {});
    // It has something to do in each of them, which only every other one sees to.
    for (int count = 0; count < 200 && one.state() != client_state::open; ++count) {
        client_set brief;
        brief.add(one);
        if (count % 2 == 1) brief.poll(50ms);
    }
    EXPECT_EQ(one.state(), client_state::open);
}

} // namespace
} // namespace fenliu::transport::testing
