// Connections that mean no good, byte by byte: silent ones by the thousand, slow ones, frames without end.
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "guarded_socket.hpp"

namespace fenliu::transport::testing {
namespace {

/// Publishes and waits for the answer; how long it took.
std::chrono::milliseconds ask(raw_peer& peer, std::string_view id) {
    const auto begin = steady::now();
    peer.send(publish_of(id));
    EXPECT_TRUE(peer.expect<protocol::stored>());
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - begin);
}

class an_endpoint : public a_guarded_socket, public ::testing::WithParamInterface<bool> {
protected:
    void SetUp() override {
        if (GetParam()) encrypt();
        start();
    }
};

TEST_P(an_endpoint, outlives_a_thousand_idle_connections_and_is_rid_of_them_after_the_timeout) {
    rlimit files{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
    std::vector<raw_tcp> idle;
    for (int each = 0; each < 1'000; ++each)
        ASSERT_TRUE(idle.emplace_back(each % 2 == 0 ? bus : feed).connected()) << each;
    watched_client honest(zmq::socket_type::dealer);
    if (GetParam()) encrypt_client(honest.socket, broker_keys.public_key, {});
    honest.socket.connect(bus);
    EXPECT_TRUE(honest.gets_in()) << "among a thousand that say nothing";
    for (const auto& each : idle)
        ASSERT_TRUE(each.closed_within(10s));
}

TEST_P(an_endpoint, cuts_a_handshake_that_comes_byte_by_byte) {
    for (const auto& to : {bus, feed}) {
        const raw_tcp slow(to);
        EXPECT_TRUE(slow.closed_while_dribbling(raw_tcp::greeting())) << to;
    }
}

TEST_P(an_endpoint, cuts_what_is_no_zeromq) {
    for (const auto& to : {bus, feed}) {
        const raw_tcp browser(to);
        ASSERT_TRUE(browser.send("GET / HTTP/1.1\r\nHost: fenliu\r\n\r\n"));
        EXPECT_TRUE(browser.closed_within(10s)) << to;
    }
}

INSTANTIATE_TEST_SUITE_P(in_clear, an_endpoint, ::testing::Values(false));
INSTANTIATE_TEST_SUITE_P(encrypted, an_endpoint, ::testing::Values(true));

TEST_F(a_guarded_socket, cuts_a_frame_without_end_and_one_that_is_too_long_to_be_read) {
    start();
    for (const auto& to : {bus, feed})
        for (const std::uint64_t bytes : {std::uint64_t{limits::frame_bytes} + 1, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
            const raw_tcp peer(to);
            ASSERT_TRUE(peer.shake_hands());
            static_cast<void>(peer.send(raw_tcp::head_of(bytes))); // the feed takes no DEALER and may have closed already
            EXPECT_TRUE(peer.closed_within(10s)) << to << " " << bytes;
        }
    raw_peer honest(bus);
    honest.send(frontend_hello());
    ASSERT_TRUE(honest.expect<protocol::welcome>());
    ask(honest, "m-1");
}

TEST_F(a_guarded_socket, cuts_a_hello_that_comes_byte_by_byte_while_others_are_served) {
    start();
    raw_peer honest(bus);
    honest.send(frontend_hello());
    ASSERT_TRUE(honest.expect<protocol::welcome>());
    std::string hello;
    protocol::encode(hello, frontend_hello());
    const raw_tcp slow(bus);
    ASSERT_TRUE(slow.shake_hands());
    ASSERT_TRUE(slow.send(raw_tcp::head_of(limits::frame_bytes)));
    EXPECT_TRUE(slow.closed_while_dribbling(hello));
    EXPECT_LT(ask(honest, "m-1"), 5s);
}

TEST_F(a_guarded_socket, loses_a_session_whose_frame_never_ends) {
    options.heartbeat = 100ms;
    start();
    std::string hello;
    protocol::encode(hello, frontend_hello());
    const raw_tcp slow(bus);
    ASSERT_TRUE(slow.shake_hands());
    ASSERT_TRUE(slow.send(raw_tcp::head_of(hello.size()) + hello));
    ASSERT_TRUE(sink.eventually(noted::what::opened));
    ASSERT_TRUE(slow.send(raw_tcp::head_of(limits::frame_bytes)));
    EXPECT_TRUE(slow.closed_while_dribbling("x"));
    EXPECT_TRUE(sink.eventually(noted::what::lost));
}

} // namespace
} // namespace fenliu::transport::testing
