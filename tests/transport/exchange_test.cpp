// Data, credit, bounds, heartbeats and the ends of sessions.
#include "exchange_fixture.hpp"

namespace fenliu::transport::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(an_exchange, answers_what_comes_before_hello_once_a_frame) {
    start();
    receive(1, publish_of("m1"), publish_of("m2"), protocol::heartbeat{}, protocol::ack{1});
    const auto error = only<protocol::error>(1);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "SESSION_NOT_FOUND");
    EXPECT_TRUE(error->retryable);
    EXPECT_FALSE(error->ref);
    receive(1, protocol::bye{"DRAINED"});
    EXPECT_EQ(only<protocol::error>(1).value().code, "SESSION_NOT_FOUND");
    EXPECT_TRUE(sink.notes().empty());
}

TEST_F(an_exchange, hands_each_message_to_the_lane_of_its_shop_with_its_number) {
    start();
    receive(1, frontend_hello(), publish_of("m1", "acme"), publish_of("m2", "zoo"), publish_of("m3", "acme"));
    std::vector<noted> data;
    for (const auto& note : sink.notes())
        if (note == noted::what::data) data.push_back(note);
    ASSERT_EQ(data.size(), 3u);
    EXPECT_EQ(data[0].ref, "m1");
    EXPECT_EQ(data[0].lane, 0u);
    EXPECT_EQ(data[1].ref, "m3");
    EXPECT_EQ(data[1].rx, 3u);
    EXPECT_EQ(data[2].ref, "m2");
    EXPECT_EQ(data[2].lane, 1u);
}

TEST_F(an_exchange, hands_admin_requests_to_the_administration) {
    start();
    auto hello = frontend_hello();
    hello.role = protocol::role::admin;
    receive(1, hello, protocol::admin_request{"r1", "stats", "\x80"});
    EXPECT_EQ(sink.count(noted::what::admin), 1u);
    EXPECT_EQ(sink.count(noted::what::data), 0u);
}

TEST_F(an_exchange, acks_once_a_turn_what_was_processed_in_a_row) {
    start();
    const link_id link = open_frontend(1);
    receive(1, publish_of("m1"), publish_of("m2"), publish_of("m3"));
    EXPECT_TRUE(sent_to(1).empty()) << "nothing is acked before it was processed";
    processed(link, 3, 3);
    EXPECT_TRUE(sent_to(1).empty());
    outbound_batch batch;
    batch.processed = {{link, 1, 1}, {link, 2, 2}};
    add_send(batch, link, protocol::stored{"m1", "c1", 1, false});
    apply(batch);
    EXPECT_EQ(out.frames[1].size(), 1u) << "ack and answer in one frame";
    const auto messages = sent_to(1);
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(std::get<protocol::ack>(messages[0]).rx, 3u);
}

TEST_F(an_exchange, answers_and_counts_what_a_role_may_not_send) {
    start();
    open_frontend(1);
    receive(1, protocol::say{.msg_id = "s1", .conversation = "c1", .epoch = 1, .text = "x"});
    const auto messages = sent_to(1);
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(std::get<protocol::ack>(messages[0]).rx, 1u);
    const auto& error = std::get<protocol::error>(messages[1]);
    EXPECT_EQ(error.code, "FORBIDDEN");
    EXPECT_EQ(error.ref, "s1");
    EXPECT_NE(error.text.find("an agent"), std::string_view::npos);
    receive(1, protocol::welcome{});
    EXPECT_EQ(only<protocol::error>(1).value().code, "FORBIDDEN");
    receive(1, protocol::attach{"acme", "bob", "c1", 0}, protocol::alert{"c1", "slow", 1});
    EXPECT_EQ(sink.count(noted::what::data), 1u);
}

TEST_F(an_exchange, answers_an_unknown_kind_and_a_broken_field_and_goes_on) {
    start();
    open_frontend(1);
    receive_bytes(1, std::string_view("\x92\xcd\x03\xe7\x01" // [999, 1]
                                      "\x93\x0a\xa2m1\x05"   // a publish whose shop is a number
                                      "\x91\x08",            // [8]
                                      5 + 6 + 2));
    receive(1, publish_of("m2"));
    EXPECT_EQ(sink.notes().back().rx, 3u);
    std::vector<protocol::error> errors;
    for (const auto& message : sent_to(1))
        if (const auto* error = std::get_if<protocol::error>(&message)) errors.push_back(*error);
    ASSERT_EQ(errors.size(), 3u);
    EXPECT_EQ(errors[0].code, "UNSUPPORTED_VERSION");
    EXPECT_FALSE(errors[0].ref);
    EXPECT_NE(errors[0].text.find("999"), std::string_view::npos);
    EXPECT_EQ(errors[1].code, "UNSUPPORTED_VERSION") << "kind 8, which is no data";
    EXPECT_EQ(errors[2].code, "MALFORMED");
    EXPECT_EQ(errors[2].ref, "m1");
}

TEST_F(an_exchange, closes_on_undecodable_bytes_after_what_stands_before_them) {
    start();
    open_frontend(1);
    std::string frame;
    protocol::encode(frame, publish_of("m1"));
    frame.append(100, '\x91'); // arrays in arrays
    receive_bytes(1, frame);
    EXPECT_EQ(sink.count(noted::what::data), 1u);
    EXPECT_EQ(sink.count(noted::what::closed), 2u);
    const auto messages = sent_to(1);
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(std::get<protocol::error>(messages[0]).code, "MALFORMED");
    EXPECT_FALSE(std::get<protocol::error>(messages[0]).ref);
    EXPECT_EQ(std::get<protocol::bye>(messages[1]).code, "MALFORMED");
    EXPECT_EQ(figures.malformed, 1u);
    receive_bytes(7, "\xc1");
    EXPECT_EQ(sent_to(7).size(), 2u) << "also without a session";
}

TEST_F(an_exchange, refuses_data_beyond_the_window_and_ends_a_session_far_beyond_it) {
    start();
    const link_id link = open_frontend(1);
    for (int index = 0; index < 9; ++index)
        receive(1, publish_of("m" + std::to_string(index)));
    EXPECT_EQ(sink.count(noted::what::data), 8u);
    const auto error = only<protocol::error>(1);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "CREDIT_EXCEEDED");
    EXPECT_TRUE(error->retryable);
    EXPECT_EQ(error->ref, "m8");
    processed(link, 1, 8);
    EXPECT_EQ(only<protocol::ack>(1).value().rx, 9u) << "the refused one counts as processed";
    for (int index = 0; index < 17; ++index)
        receive(1, publish_of("n" + std::to_string(index)));
    const auto messages = sent_to(1);
    ASSERT_TRUE(std::holds_alternative<protocol::bye>(messages.back()));
    EXPECT_EQ(std::get<protocol::bye>(messages.back()).code, "CREDIT_EXCEEDED");
    EXPECT_EQ(sink.count(noted::what::closed), 2u);
}

TEST_F(an_exchange, ends_a_session_whose_peer_acks_what_was_never_sent) {
    start();
    open_frontend(1);
    receive(1, protocol::ack{1});
    EXPECT_EQ(std::get<protocol::bye>(sent_to(1).back()).code, "MALFORMED");
}

TEST_F(an_exchange, holds_back_what_exceeds_the_peers_credit) {
    start();
    const link_id link = open_frontend(1);
    for (int index = 0; index < 10; ++index)
        send(link, protocol::stored{"m", "c1", 1, false});
    EXPECT_EQ(sent_to(1).size(), 8u);
    receive(1, protocol::credit{9});
    EXPECT_EQ(sent_to(1).size(), 1u);
    receive(1, protocol::ack{9});
    EXPECT_EQ(sent_to(1).size(), 1u);
}

TEST_F(an_exchange, offers_a_frame_again_to_a_peer_that_was_busy) {
    start();
    const link_id link = open_frontend(1);
    out.busy.insert(1);
    send(link, protocol::stored{"m1", "c1", 1, false});
    EXPECT_TRUE(broker->unsent());
    ASSERT_TRUE(broker->wake_at(now));
    EXPECT_LE(*broker->wake_at(now), now + 10ms);
    out.busy.clear();
    pass(10ms);
    EXPECT_TRUE(only<protocol::stored>(1));
}

TEST_F(an_exchange, disconnects_a_peer_that_is_busy_for_too_long_and_keeps_its_data) {
    start();
    const link_id link = open_frontend(1);
    out.busy.insert(1);
    send(link, protocol::stored{"m1", "c1", 1, false});
    for (int second = 0; second < 4; ++second) {
        pass(1s);
        receive(1, protocol::heartbeat{});
    }
    EXPECT_EQ(sink.count(noted::what::lost), 2u);
    EXPECT_TRUE(out.cuts.contains(1));
    auto hello = frontend_hello();
    hello.resume_session = session;
    receive(2, hello);
    const auto messages = sent_to(2);
    ASSERT_EQ(messages.size(), 2u);
    EXPECT_EQ(std::get<protocol::stored>(messages[1]).msg_id, "m1");
}

TEST_F(an_exchange, loses_a_session_whose_connection_is_gone_when_it_sends) {
    start();
    const link_id link = open_frontend(1);
    out.gone.insert(1);
    send(link, protocol::stored{"m1", "c1", 1, false});
    EXPECT_EQ(sink.count(noted::what::lost), 2u);
    EXPECT_EQ(figures.sessions_lost, 1u);
}

TEST_F(an_exchange, beats_while_it_has_nothing_to_say_and_loses_a_silent_peer) {
    start();
    open_frontend(1);
    for (int second = 0; second < 10; ++second) {
        pass(1s);
        receive(1, protocol::heartbeat{});
    }
    const auto beats = sent_to(1);
    EXPECT_GE(beats.size(), 8u);
    EXPECT_LE(beats.size(), 11u);
    for (const auto& message : beats)
        EXPECT_TRUE(std::holds_alternative<protocol::heartbeat>(message));
    EXPECT_EQ(sink.count(noted::what::lost), 0u);
    pass(3s + 200ms);
    EXPECT_EQ(sink.count(noted::what::lost), 2u);
    EXPECT_TRUE(out.cuts.contains(1));
}

TEST_F(an_exchange, answers_overloaded_while_too_much_is_in_flight) {
    std::string one;
    protocol::encode(one, publish_of("m1"));
    options.in_flight_bytes = 2 * (one.size() + sizeof(event));
    start();
    const link_id link = open_frontend(1);
    receive(1, publish_of("m1"));
    receive(1, publish_of("m2"));
    receive(1, publish_of("m3"));
    EXPECT_EQ(sink.count(noted::what::data), 2u);
    EXPECT_EQ(figures.in_flight_bytes, options.in_flight_bytes);
    const auto error = only<protocol::error>(1);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "OVERLOADED");
    EXPECT_EQ(error->ref, "m3");
    EXPECT_TRUE(error->retryable);
    EXPECT_GT(error->retry_after_ms, 0u);
    processed(link, 1, 2);
    EXPECT_EQ(figures.in_flight_bytes, 0u);
    receive(1, publish_of("m3"));
    EXPECT_EQ(sink.count(noted::what::data), 3u);
}

TEST_F(an_exchange, counts_a_closed_sessions_data_as_in_flight_until_it_was_processed) {
    start();
    const link_id link = open_frontend(1);
    receive(1, publish_of("m1"), protocol::bye{"DRAINED"});
    EXPECT_GT(figures.in_flight_bytes, 0u);
    EXPECT_EQ(figures.sessions, 0u);
    processed(link, 1, 1);
    EXPECT_EQ(figures.in_flight_bytes, 0u);
    pass(2s);
    processed(link, 1, 1); // gone: nobody is confused
    EXPECT_EQ(figures.in_flight_bytes, 0u);
}

TEST_F(an_exchange, answers_draining_but_serves_administration_and_resumes) {
    start();
    const link_id link = open_frontend(1);
    receive(1, publish_of("m1"));
    auto admin = frontend_hello();
    admin.role = protocol::role::admin;
    receive(2, admin);
    ASSERT_TRUE(only<protocol::welcome>(2));
    broker->drain();
    receive(3, frontend_hello());
    EXPECT_EQ(first<protocol::error>(3).value().code, "DRAINING");
    receive(1, publish_of("m2"));
    const auto error = only<protocol::error>(1);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->code, "DRAINING");
    EXPECT_TRUE(error->retryable);
    EXPECT_EQ(error->ref, "m2");
    receive(2, protocol::admin_request{"r1", "stats", "\x80"});
    EXPECT_EQ(sink.count(noted::what::admin), 1u);
    processed(link, 1, 1);
    EXPECT_EQ(only<protocol::ack>(1).value().rx, 2u) << "what is in flight goes on";
    auto hello = frontend_hello();
    hello.resume_session = session;
    receive(4, hello);
    EXPECT_TRUE(first<protocol::welcome>(4).value().resumed);
}

TEST_F(an_exchange, says_bye_to_everybody_when_it_stops) {
    start();
    const link_id link = open_frontend(1);
    open_agent(2, "acme:ann");
    out.busy.insert(1);
    send(link, protocol::stored{"m1", "c1", 1, false});
    out.busy.clear();
    broker->say_bye(now);
    const auto messages = sent_to(1);
    ASSERT_EQ(messages.size(), 2u) << "what was due goes first";
    EXPECT_EQ(std::get<protocol::bye>(messages[1]).code, "SHUTTING_DOWN");
    EXPECT_EQ(only<protocol::bye>(2).value().code, "SHUTTING_DOWN");
}

TEST_F(an_exchange, gathers_what_is_for_one_link_into_few_frames) {
    options.window = 1000;
    start();
    const link_id link = open_frontend(1);
    outbound_batch batch;
    for (int index = 0; index < 600; ++index)
        add_send(batch, link, protocol::stored{"m", "c1", 1, false});
    apply(batch);
    EXPECT_EQ(out.frames[1].size(), 3u);
    EXPECT_EQ(sent_to(1).size(), 600u);
}

} // namespace
} // namespace fenliu::transport::testing
