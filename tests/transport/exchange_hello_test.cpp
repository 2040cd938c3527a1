// Hello in all its variants, admission, superseding and resume.
#include "exchange_fixture.hpp"

namespace fenliu::transport::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(an_exchange, welcomes_a_frontend_at_once_and_tells_every_lane) {
    start();
    receive(1, frontend_hello());
    const auto welcome = only<protocol::welcome>(1);
    ASSERT_TRUE(welcome);
    EXPECT_FALSE(welcome->resumed);
    EXPECT_EQ(welcome->rx, 0u);
    EXPECT_EQ(welcome->session.size(), 32u);
    EXPECT_EQ(welcome->heartbeat_ms, 1000u);
    EXPECT_EQ(welcome->window, 8u);
    EXPECT_EQ(welcome->max_frame, limits::frame_bytes);
    EXPECT_EQ(welcome->expiry_ms, 20'000u);
    EXPECT_EQ(welcome->server, "fenliu");
    const auto notes = sink.notes();
    ASSERT_EQ(notes.size(), 2u);
    EXPECT_EQ(notes[0], noted::what::opened);
    EXPECT_EQ(notes[0].lane, 0u);
    EXPECT_EQ(notes[1].lane, 1u);
    EXPECT_EQ(notes[0].link, notes[1].link);
}

TEST_F(an_exchange, welcomes_an_agent_when_its_lane_admits_it) {
    start();
    auto hello = agent_hello("zoo:ann");
    hello.seen = {{"c1", 7}};
    receive(1, hello);
    EXPECT_TRUE(sent_to(1).empty());
    const auto notes = sink.notes();
    ASSERT_EQ(notes.size(), 1u);
    EXPECT_EQ(notes[0].lane, 1u);
    EXPECT_EQ(notes[0].account, "zoo:ann");
    EXPECT_TRUE(notes[0].seen_given);
    ASSERT_EQ(notes[0].seen.size(), 1u);
    EXPECT_EQ(notes[0].seen[0].seq, 7u);
    admit(notes[0].link);
    EXPECT_TRUE(only<protocol::welcome>(1));
}

TEST_F(an_exchange, passes_a_lanes_refusal_on_and_says_bye) {
    start();
    receive(1, agent_hello("acme:ann"));
    admit(newest_link(), protocol::errc::not_found, "no such account");
    const auto messages = sent_to(1);
    ASSERT_EQ(messages.size(), 2u);
    const auto& error = std::get<protocol::error>(messages[0]);
    EXPECT_EQ(error.code, "NOT_FOUND");
    EXPECT_EQ(error.text, "no such account");
    EXPECT_FALSE(error.ref);
    EXPECT_EQ(std::get<protocol::bye>(messages[1]).code, "NOT_FOUND");
    EXPECT_EQ(sink.count(noted::what::closed), 0u) << "for the lane it never opened";
    receive(1, protocol::heartbeat{});
    EXPECT_EQ(only<protocol::error>(1).value().code, "SESSION_NOT_FOUND");
}

TEST_F(an_exchange, names_the_version_it_speaks_to_who_speaks_another) {
    start();
    auto hello = frontend_hello();
    hello.version = 2;
    receive(1, hello);
    const auto error = first<protocol::error>(1);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "UNSUPPORTED_VERSION");
    EXPECT_NE(error->text.find("version 1"), std::string_view::npos);
    EXPECT_EQ(sink.notes().size(), 0u);
    EXPECT_EQ(figures.refused, 1u);
}

TEST_F(an_exchange, refuses_a_hello_that_breaks_the_contract_and_one_without_the_right_token) {
    options.tokens = {{"secret", protocol::role::frontend, {}, {}}};
    start();
    receive_bytes(1, std::string_view("\x93\x01\x01\xa4"
                                      "cook",
                                      8));
    EXPECT_EQ(first<protocol::error>(1).value().code, "MALFORMED");
    receive(2, frontend_hello());
    EXPECT_EQ(first<protocol::error>(2).value().code, "UNAUTHENTICATED");
    auto hello = agent_hello("acme:ann");
    hello.token = "secret";
    receive(3, hello);
    const auto messages = sent_to(3);
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(std::get<protocol::error>(messages[0]).code, "FORBIDDEN");
    EXPECT_EQ(std::get<protocol::bye>(messages[1]).code, "FORBIDDEN");
}

TEST_F(an_exchange, honours_new_tokens_and_lets_live_sessions_stay) {
    options.tokens = {{"old", protocol::role::frontend, {}, {}}};
    start();
    auto hello = frontend_hello();
    hello.token = "old";
    receive(1, hello);
    ASSERT_TRUE(only<protocol::welcome>(1));
    broker->set_tokens({{"new", protocol::role::frontend, {}, {}}});
    receive(2, hello);
    EXPECT_EQ(first<protocol::error>(2).value().code, "UNAUTHENTICATED");
    receive(1, publish_of("m1"));
    EXPECT_EQ(sink.count(noted::what::data), 1u);
}

TEST_F(an_exchange, answers_a_second_hello_and_keeps_the_session) {
    start();
    open_frontend(1);
    receive(1, frontend_hello());
    EXPECT_EQ(only<protocol::error>(1).value().code, "MALFORMED");
    receive(1, publish_of("m1"));
    EXPECT_EQ(sink.count(noted::what::data), 1u);
    receive(2, agent_hello("acme:ann"));
    receive(2, agent_hello("acme:ann"));
    EXPECT_EQ(only<protocol::error>(2).value().code, "MALFORMED");
    admit(newest_link());
    EXPECT_TRUE(only<protocol::welcome>(2));
}

TEST_F(an_exchange, tells_an_agent_that_sends_before_the_welcome_to_wait) {
    start();
    receive(1, agent_hello("acme:ann"), protocol::presence_change{protocol::presence::online, "p1"}, protocol::ack{0});
    const auto error = only<protocol::error>(1);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "SESSION_NOT_FOUND");
    EXPECT_EQ(sink.count(noted::what::data), 0u);
    admit(newest_link());
    receive(1, protocol::presence_change{protocol::presence::online, "p1"});
    EXPECT_EQ(sink.notes().back().rx, 1u) << "what came too early was not counted";
}

TEST_F(an_exchange, closes_the_older_session_of_an_agent_when_a_newer_hello_comes) {
    start();
    const link_id older = open_agent(1, "acme:ann");
    receive(2, agent_hello("acme:ann"));
    const auto bye = only<protocol::bye>(1);
    ASSERT_TRUE(bye);
    EXPECT_EQ(bye->code, "SUPERSEDED");
    EXPECT_EQ(sink.notes().back(), noted::what::closed);
    EXPECT_EQ(sink.notes().back().link, older);
    admit(newest_link());
    EXPECT_TRUE(only<protocol::welcome>(2));
}

TEST_F(an_exchange, leaves_no_older_session_of_an_agent_behind_when_the_newer_is_gone_before_it_is_admitted) {
    start();
    const link_id older = open_agent(1, "acme:ann");
    receive(2, agent_hello("acme:ann"));
    const link_id newer = newest_link();
    broker->disconnected(2, now);
    turn();
    admit(newer);
    EXPECT_EQ(only<protocol::bye>(1).value().code, "SUPERSEDED") << "its lane takes the newer for the account's only one";
    send(older, protocol::result{"r", "OK", {}});
    EXPECT_TRUE(sent_to(1).empty());
}

TEST_F(an_exchange, lets_the_newer_of_two_hellos_win_in_whatever_order_they_are_admitted) {
    start();
    receive(1, agent_hello("acme:ann"));
    const link_id older = newest_link();
    receive(2, agent_hello("acme:ann"));
    EXPECT_EQ(only<protocol::bye>(1).value().code, "SUPERSEDED");
    admit(newest_link());
    EXPECT_TRUE(only<protocol::welcome>(2));
    admit(older);
    EXPECT_TRUE(sent_to(1).empty());
    EXPECT_TRUE(sent_to(2).empty());
}

TEST_F(an_exchange, never_supersedes_a_frontend) {
    start();
    open_frontend(1);
    open_frontend(2);
    EXPECT_TRUE(sent_to(1).empty());
    EXPECT_EQ(figures.sessions, 2u);
}

TEST_F(an_exchange, answers_overloaded_past_its_limit_of_sessions) {
    options.connections = 1;
    start();
    open_frontend(1);
    receive(2, frontend_hello());
    const auto error = first<protocol::error>(2);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "OVERLOADED");
    EXPECT_TRUE(error->retryable);
    EXPECT_GT(error->retry_after_ms, 0u);
    receive(1, protocol::bye{"DRAINED"});
    receive(2, frontend_hello());
    EXPECT_TRUE(only<protocol::welcome>(2));
}

TEST_F(an_exchange, tells_a_peer_whose_lane_does_not_answer) {
    start();
    receive(1, agent_hello("acme:ann"));
    pass(options.hello_timeout + 1s);
    EXPECT_EQ(first<protocol::error>(1).value().code, "OVERLOADED");
    EXPECT_EQ(sink.count(noted::what::closed), 1u);
}

// --- resume ----------------------------------------------------------------------------------------------------------------

TEST_F(an_exchange, resumes_where_both_sides_stopped) {
    start();
    const link_id link = open_frontend(1);
    receive(1, publish_of("m1"), publish_of("m2"));
    processed(link, 1, 2);
    for (const char* id : {"m1", "m2", "m3"})
        send(link, protocol::stored{id, "c1", 1, false});
    EXPECT_EQ(sent_to(1).size(), 4u) << "an ack and three answers";
    broker->disconnected(1, now);
    turn();
    EXPECT_EQ(sink.count(noted::what::lost), 2u);
    send(link, protocol::stored{"m4", "c1", 1, false});

    auto hello = frontend_hello();
    hello.resume_session = session;
    hello.resume_rx = 1;
    receive(2, hello);
    const auto messages = sent_to(2);
    ASSERT_EQ(messages.size(), 4u);
    const auto& welcome = std::get<protocol::welcome>(messages[0]);
    EXPECT_TRUE(welcome.resumed);
    EXPECT_EQ(welcome.rx, 2u);
    EXPECT_EQ(welcome.session, session);
    EXPECT_EQ(std::get<protocol::stored>(messages[1]).msg_id, "m2");
    EXPECT_EQ(std::get<protocol::stored>(messages[3]).msg_id, "m4");
    EXPECT_EQ(sink.count(noted::what::resumed), 2u);
    receive(2, publish_of("m3"));
    EXPECT_EQ(sink.notes().back().rx, 3u) << "numbering goes on";
    EXPECT_EQ(figures.resumed, 1u);
}

TEST_F(an_exchange, welcomes_a_resume_only_when_everything_received_before_was_processed) {
    start();
    const link_id link = open_frontend(1);
    receive(1, publish_of("m1"), publish_of("m2"));
    auto hello = frontend_hello();
    hello.resume_session = session;
    receive(2, hello);
    EXPECT_TRUE(sent_to(2).empty());
    processed(link, 2, 2);
    EXPECT_TRUE(sent_to(2).empty());
    processed(link, 1, 1);
    const auto welcome = only<protocol::welcome>(2);
    ASSERT_TRUE(welcome);
    EXPECT_TRUE(welcome->resumed);
    EXPECT_EQ(welcome->rx, 2u);
}

TEST_F(an_exchange, survives_acks_and_data_while_a_resume_waits) {
    start();
    const link_id link = open_frontend(1);
    for (const char* id : {"a", "b", "c"})
        send(link, protocol::stored{id, "c1", 1, false});
    receive(1, publish_of("m1"));
    auto hello = frontend_hello();
    hello.resume_session = session;
    hello.resume_rx = 1;
    receive(2, hello);
    receive(2, protocol::ack{3}, publish_of("m2"), protocol::credit{1});
    EXPECT_EQ(only<protocol::error>(2).value().code, "SESSION_NOT_FOUND");
    processed(link, 1, 1);
    const auto messages = sent_to(2);
    ASSERT_EQ(messages.size(), 3u);
    EXPECT_EQ(std::get<protocol::stored>(messages[1]).msg_id, "b");
}

TEST_F(an_exchange, fences_the_old_connection_of_a_resumed_session) {
    start();
    open_frontend(1);
    auto hello = frontend_hello();
    hello.resume_session = session;
    receive(2, hello);
    ASSERT_TRUE(only<protocol::welcome>(2));
    receive(1, publish_of("m1"));
    EXPECT_EQ(only<protocol::error>(1).value().code, "SESSION_NOT_FOUND");
    EXPECT_EQ(sink.count(noted::what::data), 0u);
    EXPECT_EQ(sink.count(noted::what::lost), 0u) << "the lanes never heard of a loss";
    EXPECT_EQ(sink.count(noted::what::resumed), 0u);
    EXPECT_FALSE(out.serving.contains(1));
}

TEST_F(an_exchange, begins_anew_for_a_resume_that_cannot_be) {
    start();
    const link_id link = open_frontend(1);
    send(link, protocol::stored{"m1", "c1", 1, false});
    auto hello = frontend_hello();
    hello.resume_session = session;
    hello.resume_rx = 2;
    receive(2, hello);
    EXPECT_FALSE(only<protocol::welcome>(2).value().resumed) << "above what was sent";
    hello.resume_rx = 1;
    hello.resume_session = "00000000000000000000000000000000";
    receive(3, hello);
    EXPECT_FALSE(only<protocol::welcome>(3).value().resumed) << "unknown";
    auto admin = hello;
    admin.role = protocol::role::admin;
    admin.resume_session = session;
    receive(4, admin);
    EXPECT_FALSE(only<protocol::welcome>(4).value().resumed) << "another role";
}

TEST_F(an_exchange, forgets_a_lost_session_when_it_expires) {
    start();
    const link_id link = open_frontend(1);
    broker->disconnected(1, now);
    pass(options.session_expiry - 2s);
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
    pass(3s);
    EXPECT_EQ(sink.count(noted::what::closed), 2u);
    auto hello = frontend_hello();
    hello.resume_session = session;
    receive(2, hello);
    EXPECT_FALSE(only<protocol::welcome>(2).value().resumed);
    send(link, protocol::stored{"m1", "c1", 1, false});
    EXPECT_TRUE(sent_to(2).empty());
}

} // namespace
} // namespace fenliu::transport::testing
