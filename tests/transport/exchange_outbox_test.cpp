// What is kept for a peer that reads slowly, or not at all: the outbox, its bound, and what its lane hears of it.
#include "exchange_fixture.hpp"

namespace fenliu::transport::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(an_exchange, ends_a_session_that_keeps_more_than_its_outbox) {
    options.outbox_bytes = 1000;
    start();
    const link_id link = open_frontend(1);
    const std::string text(300, 'x');
    for (int index = 0; index < 4; ++index)
        send(link, protocol::prompt{"acme", "bob", "t", text});
    const auto messages = sent_to(1);
    EXPECT_EQ(std::get<protocol::bye>(messages.back()).code, "OVERLOADED");
    EXPECT_EQ(figures.slow_closed, 1u);
    EXPECT_TRUE(out.cuts.contains(1)) << "it is disconnected, whether it reads or not";
    EXPECT_EQ(sink.count(noted::what::closed), 2u);
}

TEST_F(an_exchange, takes_more_than_an_outbox_of_what_an_agent_missed) {
    options.outbox_bytes = 1000;
    start();
    receive(1, agent_hello("acme:ann"));
    const link_id link = newest_link();
    const std::string text(500, 'x');
    outbound_batch batch;
    batch.admissions.push_back({link, protocol::errc::ok, {}});
    for (std::uint64_t seq = 1; seq <= 5; ++seq)
        add_send(batch, link, protocol::buyer_line{"c1", seq, "bob", text, 0});
    apply(batch);
    const auto messages = sent_to(1);
    ASSERT_EQ(messages.size(), 6u);
    EXPECT_TRUE(std::holds_alternative<protocol::welcome>(messages[0]));
    send(link, protocol::buyer_line{"c1", 6, "bob", text, 0});
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
    receive(1, protocol::ack{5});
    send(link, protocol::buyer_line{"c1", 7, "bob", text, 0});
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
    send(link, protocol::buyer_line{"c1", 8, "bob", text, 0});
    EXPECT_EQ(sink.count(noted::what::closed), 1u) << "what it missed is acked: the bound is the usual one";
}

TEST_F(an_exchange, takes_what_an_agent_missed_in_portions) {
    options.outbox_bytes = 1000;
    start();
    receive(1, agent_hello("acme:ann"));
    const link_id link = newest_link();
    outbound_batch admitted;
    admitted.admissions.push_back({link, protocol::errc::ok, {}});
    apply(admitted);
    const std::string text(500, 'x');
    for (std::uint64_t seq = 1; seq <= 5; ++seq) {
        outbound_batch portion;
        portion.arrears.push_back(link);
        add_send(portion, link, protocol::buyer_line{"c1", seq, "bob", text, 0});
        apply(portion);
    }
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
    receive(1, protocol::ack{5});
    send(link, protocol::buyer_line{"c1", 6, "bob", text, 0});
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
    send(link, protocol::buyer_line{"c1", 7, "bob", text, 0});
    EXPECT_EQ(sink.count(noted::what::closed), 1u) << "what it missed is acked: the bound is the usual one";
}

TEST_F(an_exchange, tells_the_lane_of_an_agent_that_reads_slower_than_it_is_sent) {
    options.outbox_bytes = 4000;
    start();
    const link_id link = open_agent(1, "acme:ann");
    const std::string text(500, 'x');
    std::uint64_t seq = 0;
    const auto send_lines = [&](int count) {
        for (int i = 0; i < count; ++i)
            send(link, protocol::buyer_line{"c1", ++seq, "bob", text, 0});
    };
    send_lines(3);
    EXPECT_EQ(sink.count(noted::what::full), 0u);
    send_lines(2);
    EXPECT_EQ(sink.count(noted::what::full), 1u) << "half of its outbox is kept, told once";
    receive(1, protocol::ack{3});
    EXPECT_EQ(sink.count(noted::what::roomy), 0u) << "more than a quarter is kept";
    receive(1, protocol::ack{4});
    receive(1, protocol::ack{5});
    EXPECT_EQ(sink.count(noted::what::roomy), 1u);
    send_lines(4);
    EXPECT_EQ(sink.count(noted::what::full), 2u);
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
}

TEST_F(an_exchange, tells_of_room_that_a_resume_made) {
    options.outbox_bytes = 4000;
    start();
    const link_id link = open_agent(1, "acme:ann");
    for (std::uint64_t seq = 1; seq <= 5; ++seq)
        send(link, protocol::buyer_line{"c1", seq, "bob", std::string(500, 'x'), 0});
    broker->disconnected(1, now);
    auto hello = agent_hello("acme:ann");
    hello.resume_session = session;
    hello.resume_rx = 5;
    receive(2, hello);
    EXPECT_EQ(sink.count(noted::what::roomy), 1u);
}

TEST_F(an_exchange, ends_the_session_of_an_agent_that_is_full_and_acknowledges_nothing) {
    options.outbox_bytes = 4000;
    start();
    const link_id link = open_agent(1, "acme:ann");
    for (std::uint64_t seq = 1; seq <= 6; ++seq)
        send(link, protocol::buyer_line{"c1", seq, "bob", std::string(500, 'x'), 0});
    const auto seconds = [&](int count) {
        for (int i = 0; i < count; ++i) {
            pass(1s);
            if (!out.cuts.contains(1)) receive(1, protocol::heartbeat{});
        }
    };
    const auto patience = static_cast<int>(limits::heartbeats_missed * options.heartbeat / 1s);
    seconds(patience - 1);
    receive(1, protocol::ack{1});
    seconds(patience - 1);
    EXPECT_EQ(sink.count(noted::what::closed), 0u) << "it is slow, no more";
    static_cast<void>(sent_to(1));
    seconds(2 * patience);
    EXPECT_EQ(sink.count(noted::what::closed), 1u);
    EXPECT_EQ(figures.slow_closed, 1u);
    EXPECT_EQ(std::get<protocol::bye>(sent_to(1).back()).code, "OVERLOADED");
}

TEST_F(an_exchange, ends_a_lost_session_that_keeps_more_than_its_outbox) {
    options.outbox_bytes = 1000;
    start();
    const link_id link = open_frontend(1);
    broker->disconnected(1, now);
    const std::string text(600, 'x');
    send(link, protocol::prompt{"acme", "bob", "t", text});
    EXPECT_EQ(sink.count(noted::what::closed), 0u);
    send(link, protocol::prompt{"acme", "bob", "t", text});
    EXPECT_EQ(sink.count(noted::what::closed), 2u);
}

} // namespace
} // namespace fenliu::transport::testing
