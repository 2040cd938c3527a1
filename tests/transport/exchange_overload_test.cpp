// What the bus does with more than it can handle: who is told to wait, for how long, and who goes on meanwhile.
#include "exchange_fixture.hpp"

namespace fenliu::transport::testing {
namespace {

protocol::publish line_for(std::string_view shop, std::string_view id = "m") {
    protocol::publish line;
    line.msg_id = id;
    line.shop = shop;
    line.buyer = "b";
    line.text = "hello";
    return line;
}

TEST_F(an_exchange, answers_a_shop_that_gets_too_much_with_the_time_to_wait) {
    options.shop_rate = 2;
    start_with_answers();
    open_frontend(1);
    receive(1, line_for("acme"), line_for("acme"), line_for("acme", "third"), line_for("other"));
    const auto messages = sent_to(1);
    const auto error =
        std::ranges::find_if(messages, [](const auto& each) { return std::holds_alternative<protocol::error>(each); });
    ASSERT_NE(error, messages.end());
    const auto& told = std::get<protocol::error>(*error);
    EXPECT_EQ(told.code, "RATE_LIMITED");
    EXPECT_EQ(told.ref, "third");
    EXPECT_TRUE(told.retryable);
    EXPECT_EQ(told.retry_after_ms, 500U);
    EXPECT_EQ(sink.count(noted::what::data), 3U) << "two of acme's, and the other shop's";
    pass(milliseconds(500));
    receive(1, line_for("acme", "third"));
    EXPECT_EQ(first<protocol::stored>(1).value().msg_id, "third");
}

TEST_F(an_exchange, does_not_count_what_agents_send_against_their_shops_rate) {
    options.shop_rate = 1;
    start_with_answers();
    receive(1, agent_hello("acme:amy"));
    for (int i = 0; i < 5; ++i)
        receive(1, protocol::say{"m", "c1", 1, "hi"});
    EXPECT_EQ(sink.count(noted::what::data), 5U);
}

TEST_F(an_exchange, keeps_what_buyers_send_waiting_while_it_cannot_be_put_away) {
    start_with_answers();
    open_frontend(1);
    sink.set_held_up(pressure::full);
    receive(1, line_for("acme"));
    EXPECT_FALSE(first<protocol::stored>(1));
    receive(2, agent_hello("acme:amy"));
    receive(2, protocol::say{"m", "c1", 1, "hi"});
    EXPECT_EQ(sink.count(noted::what::data), 1U) << "agents go on";
    sink.set_held_up(pressure::none);
    ASSERT_LE(broker->wake_at(now), now + milliseconds(10)) << "it looks again by itself";
    pass(milliseconds(10));
    EXPECT_TRUE(first<protocol::stored>(1));
}

TEST_F(an_exchange, holds_a_session_to_the_rate_of_its_identity) {
    const session_terms terms;
    transport::session limited{1, {}, std::make_shared<const identity>(identity{.messages_per_s = 1}), {}, terms, now};
    EXPECT_FALSE(limited.take_of_rate(now));
    EXPECT_EQ(limited.take_of_rate(now), milliseconds(1000));
    transport::session free{2, {}, std::make_shared<const identity>(), {}, terms, now};
    for (int i = 0; i < 5; ++i)
        EXPECT_FALSE(free.take_of_rate(now));
}

TEST_F(an_exchange, takes_no_more_of_administration_than_of_the_rest_into_its_hands) {
    options.in_flight_bytes = 4 * sizeof(event);
    start();
    receive(1, protocol::hello{.version = limits::protocol_version, .role = protocol::role::admin});
    ASSERT_TRUE(only<protocol::welcome>(1));
    for (int i = 0; i < 8; ++i)
        receive(1, protocol::admin_request{"r", "stats", "\x80"});
    EXPECT_EQ(first<protocol::error>(1).value().code, "OVERLOADED");
    EXPECT_LE(figures.in_flight_bytes, options.in_flight_bytes);
}

TEST_F(an_exchange, says_how_long_to_wait_when_credit_is_exceeded) {
    options.window = 1;
    start();
    open_frontend(1);
    receive(1, line_for("acme"), line_for("acme", "second"));
    const auto error = first<protocol::error>(1).value();
    EXPECT_EQ(error.code, "CREDIT_EXCEEDED");
    EXPECT_TRUE(error.retryable);
    EXPECT_GT(error.retry_after_ms, 0U);
}

TEST_F(an_exchange, leaves_room_for_other_shops_and_for_agents_beside_a_flood) {
    options.window = 100'000;
    options.in_flight_bytes = 8 << 20;
    start();
    sink.set_busy(true);
    open_frontend(1);
    open_frontend(2);
    const link_id amy = open_agent(3, "acme:amy");
    std::string id;
    std::size_t refused = 0, sent = 0;
    while (refused == 0) {
        ASSERT_LT(++sent, 100'000U) << "the flood must be refused some time";
        id = std::to_string(sent);
        receive(1, line_for("acme", id));
        for (const auto& each : sent_to(1))
            if (const auto* error = std::get_if<protocol::error>(&each)) {
                EXPECT_EQ(error->code, "OVERLOADED");
                EXPECT_EQ(error->ref, id);
                EXPECT_GT(error->retry_after_ms, 0U);
                ++refused;
            }
    }
    EXPECT_GT(sent, limits::lane_backlog);
    EXPECT_LT(figures.in_flight_bytes, options.in_flight_bytes * 3 / 4);
    const auto before = sink.notes().size();
    receive(2, line_for("bazaar"));
    receive(3, protocol::say{"m", "c1", 1, "hi"});
    EXPECT_FALSE(first<protocol::error>(2));
    EXPECT_FALSE(first<protocol::error>(3));
    sink.set_busy(false);
    turn();
    const auto notes = sink.notes();
    const auto came = [&](auto holds) {
        return std::find_if(notes.begin() + std::ptrdiff_t(before), notes.end(), holds) - notes.begin();
    };
    EXPECT_LT(came([&](const noted& each) { return each.link == amy; }),
              came([](const noted& each) { return each.kind == noted::what::data && each.account.empty(); }));
}

} // namespace
} // namespace fenliu::transport::testing
