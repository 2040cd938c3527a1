#include <gtest/gtest.h>

#include "transport/session.hpp"
#include "transport/session_table.hpp"

namespace fenliu::transport {
namespace {

using namespace std::chrono_literals;

constexpr instant start{};
constexpr connection_id first_connection = 11;
constexpr connection_id second_connection = 12;

identity agent(std::string account) { return {protocol::role::agent, "acme", std::move(account), {}, false}; }

session_terms terms() { return {.channel = {.window = 8, .heartbeat = 100ms}, .expiry = 1s, .answer = 500ms}; }

session live_session() {
    session made(1, session_key::random(), std::make_shared<const identity>(agent("acme:ann")), "secret", terms(), start);
    made.connect(first_connection);
    made.admit();
    return made;
}

TEST(a_session, beats_after_a_silence_of_its_own_and_is_silent_after_three_of_the_peers) {
    session one = live_session();
    EXPECT_EQ(one.check(start + 99ms), session_due::nothing);
    EXPECT_EQ(one.check(start + 100ms), session_due::heartbeat);
    EXPECT_EQ(one.check(start + 300ms), session_due::silent);
    one.channel().heard(start + 250ms, 1);
    EXPECT_EQ(one.check(start + 300ms), session_due::heartbeat);
}

TEST(a_session, expires_when_nobody_resumes_it) {
    session one = live_session();
    one.lose(start + 1s);
    EXPECT_EQ(one.connection(), 0u);
    EXPECT_EQ(one.check(start + 1999ms), session_due::nothing);
    EXPECT_EQ(one.check(start + 2s), session_due::expired);
    EXPECT_LE(one.check_at(start + 1s), start + 1100ms) << "it may be resumed meanwhile, and beat";
}

TEST(a_session, waits_for_its_admission_for_so_long_only) {
    session one(1, session_key::random(), std::make_shared<const identity>(agent("acme:ann")), "", terms(), start);
    EXPECT_EQ(one.check(start + 499ms), session_due::nothing);
    EXPECT_EQ(one.check(start + 500ms), session_due::expired);
}

TEST(a_session, is_resumed_by_the_same_role_token_and_account_only) {
    const session one = live_session();
    EXPECT_TRUE(one.resumable(agent("acme:ann"), "secret", 0));
    EXPECT_FALSE(one.resumable(agent("acme:bea"), "secret", 0));
    EXPECT_FALSE(one.resumable(agent("acme:ann"), "other", 0));
    identity admin = agent("acme:ann");
    admin.role = protocol::role::admin;
    EXPECT_FALSE(one.resumable(admin, "secret", 0));
}

TEST(a_session, is_not_resumed_with_a_count_that_cannot_be) {
    session one = live_session();
    std::string frame;
    for (int index = 0; index < 3; ++index)
        ASSERT_TRUE(one.channel().send_message(protocol::queue_moved{"acme", "bob", 1, 0}));
    one.channel().sent(one.channel().compose(frame, start), start);
    ASSERT_TRUE(one.channel().acknowledge(2));
    EXPECT_FALSE(one.resumable(agent("acme:ann"), "secret", 1)) << "below what it acknowledged";
    EXPECT_TRUE(one.resumable(agent("acme:ann"), "secret", 2));
    EXPECT_TRUE(one.resumable(agent("acme:ann"), "secret", 3));
    EXPECT_FALSE(one.resumable(agent("acme:ann"), "secret", 4)) << "above what was sent";
}

TEST(a_session, is_ready_to_resume_once_everything_received_was_processed) {
    session one = live_session();
    static_cast<void>(one.channel().count());
    static_cast<void>(one.channel().count());
    one.handed_on(10);
    one.take_over(second_connection, 0, start);
    EXPECT_FALSE(one.ready());
    EXPECT_EQ(one.processed(1, 2), 10u);
    ASSERT_TRUE(one.ready());
    one.resume(start);
    EXPECT_TRUE(one.live());
    EXPECT_EQ(one.connection(), second_connection);
}

TEST(a_session, counts_bytes_in_flight_until_they_were_processed_in_a_row) {
    session one = live_session();
    for (int index = 0; index < 3; ++index) {
        static_cast<void>(one.channel().count());
        one.handed_on(5000);
    }
    EXPECT_EQ(one.processed(2, 3), 0u);
    EXPECT_EQ(one.processed(1, 1), 15'000u);
}

TEST(a_session, that_is_closed_is_remembered_while_its_data_is_in_flight) {
    session one = live_session();
    static_cast<void>(one.channel().count());
    one.handed_on(7);
    one.close(start);
    EXPECT_EQ(one.check(start), session_due::nothing);
    EXPECT_EQ(one.check(start + 1s), session_due::expired) << "but not for ever";
    EXPECT_EQ(one.processed(1, 1), 7u);
    EXPECT_EQ(one.check(start), session_due::expired);
    EXPECT_EQ(one.forget_in_flight(), 0u);
}

TEST(a_session, costs_little_while_it_is_idle) {
    session one = live_session();
    std::string frame;
    for (int index = 0; index < 8; ++index)
        ASSERT_TRUE(one.channel().send_message(protocol::queue_moved{"acme", "bob", 1, 0}));
    one.channel().sent(one.channel().compose(frame, start), start);
    ASSERT_TRUE(one.channel().acknowledge(8));
    one.release();
    EXPECT_LE(sizeof(session), 640u);
    EXPECT_EQ(one.channel().outgoing().bytes(), 0u);
}

TEST(a_session_key, is_read_back_from_its_text_and_from_nothing_else) {
    const session_key key = session_key::random();
    EXPECT_EQ(key.text().size(), 32u);
    EXPECT_EQ(session_key::parse(key.text()), key);
    EXPECT_FALSE(session_key::parse(""));
    EXPECT_FALSE(session_key::parse(key.text() + "0"));
    EXPECT_FALSE(session_key::parse(std::string(32, 'x')));
    EXPECT_FALSE(session_key::parse("-" + key.text().substr(1)));
    EXPECT_NE(session_key::random(), key);
}

TEST(a_session_table, never_gives_a_link_twice) {
    session_table table;
    const auto who = std::make_shared<const identity>(agent("acme:ann"));
    session& first = table.add(who, "", terms(), start);
    const link_id old = first.link();
    table.retire(first);
    table.erase(first);
    const session& second = table.add(who, "", terms(), start);
    EXPECT_NE(second.link(), old);
    EXPECT_EQ(table.find(old), nullptr);
    EXPECT_EQ(table.find(second.link()), &second);
    EXPECT_EQ(table.find(0), nullptr);
}

TEST(a_session_table, finds_a_session_by_connection_key_and_agent_until_it_is_retired) {
    session_table table;
    session& one = table.add(std::make_shared<const identity>(agent("acme:ann")), "", terms(), start);
    table.bind(one, first_connection);
    one.connect(first_connection);
    table.set_agent(one);
    EXPECT_EQ(table.at(first_connection), &one);
    EXPECT_EQ(table.of_key(one.key()), &one);
    EXPECT_EQ(table.of_agent("acme:ann"), &one);
    table.bind(one, second_connection);
    one.connect(second_connection);
    EXPECT_EQ(table.at(first_connection), nullptr) << "the old connection is fenced";
    table.retire(one);
    EXPECT_EQ(table.at(second_connection), nullptr);
    EXPECT_EQ(table.of_key(one.key()), nullptr);
    EXPECT_EQ(table.of_agent("acme:ann"), nullptr);
    EXPECT_EQ(table.find(one.link()), &one);
    EXPECT_EQ(table.open(), 0u);
}

} // namespace
} // namespace fenliu::transport
