// Who gets a session and keeps it, seen at the exchange: tokens that end, limits of tokens and addresses.
#include "exchange_fixture.hpp"
#include "token_fixture.hpp"

namespace fenliu::transport::testing {
namespace {

using protocol::grade;

constexpr protocol::timestamp_ms wall_start = 1'700'000'000'000;

class a_guarded_exchange : public an_exchange {
protected:
    void SetUp() override {
        an_exchange::SetUp();
        options.security.issuer_public = the_issuer.keys.public_key;
        options.security.wall_clock = [this] {
            return wall_start + std::chrono::duration_cast<milliseconds>(now - start_of_test).count();
        };
    }
    protocol::hello hello_with(const std::string& token) {
        kept.push_back(token);
        auto message = frontend_hello();
        message.token = kept.back();
        return message;
    }
    std::string token_until(protocol::timestamp_ms end, std::string id = "t-1", std::uint32_t connections = 0) {
        return the_issuer.token({.id = std::move(id),
                                 .grade = grade::frontend,
                                 .shop = "acme",
                                 .issued_at = 1,
                                 .expires_at = end,
                                 .connections = connections});
    }
    /// The code of the error with which a hello is answered; empty: a welcome.
    std::string answer_to(connection_id from, const protocol::hello& message) {
        receive(from, message);
        for (const auto& each : sent_to(from)) {
            if (const auto* error = std::get_if<protocol::error>(&each)) {
                last_retry_ms = error->retry_after_ms;
                return std::string(error->code);
            }
            if (std::holds_alternative<protocol::welcome>(each)) return {};
        }
        return "nothing";
    }
    std::string bye_to(connection_id from) {
        const auto bye = first<protocol::bye>(from);
        return bye ? std::string(bye->code) : "";
    }

    const issuer the_issuer;
    const instant start_of_test = now;
    std::uint32_t last_retry_ms = 0;
};

TEST_F(a_guarded_exchange, ends_a_session_when_its_token_ends) {
    start_with_answers();
    ASSERT_EQ(answer_to(1, hello_with(token_until(wall_start + 5'000))), "");
    for (int second = 0; second < 4; ++second) {
        receive(1, protocol::heartbeat{});
        pass(milliseconds(1'000));
    }
    EXPECT_EQ(bye_to(1), "") << "not before its time";
    receive(1, protocol::heartbeat{});
    pass(milliseconds(1'200));
    EXPECT_EQ(bye_to(1), "UNAUTHENTICATED");
    EXPECT_EQ(answer_to(1, hello_with(token_until(wall_start + 5'000))), "UNAUTHENTICATED");
}

TEST_F(a_guarded_exchange, ends_a_session_without_a_connection_when_its_token_ends) {
    start_with_answers();
    ASSERT_EQ(answer_to(1, hello_with(token_until(wall_start + 5'000))), "");
    broker->disconnected(1, now);
    pass(milliseconds(6'000));
    EXPECT_EQ(sink.count(noted::what::closed), 2U) << "once for each lane";
}

TEST_F(a_guarded_exchange, ends_the_sessions_of_a_revoked_token_at_once_and_of_no_other) {
    start_with_answers();
    for (const connection_id each : {1, 2})
        ASSERT_EQ(answer_to(each, hello_with(token_until(4'000'000'000'000, "t-1"))), "");
    ASSERT_EQ(answer_to(3, hello_with(token_until(4'000'000'000'000, "t-2"))), "");
    outbound_batch batch;
    batch.revocations.push_back({"t-1", 0});
    apply(batch);
    EXPECT_EQ(bye_to(1), "UNAUTHENTICATED");
    EXPECT_EQ(bye_to(2), "UNAUTHENTICATED");
    EXPECT_EQ(bye_to(3), "");
    EXPECT_EQ(answer_to(4, hello_with(token_until(4'000'000'000'000, "t-1"))), "UNAUTHENTICATED");
    EXPECT_EQ(answer_to(5, hello_with(token_until(4'000'000'000'000, "t-2"))), "");
}

TEST_F(a_guarded_exchange, does_not_resume_the_session_of_a_token_revoked_meanwhile) {
    start_with_answers();
    auto hello = hello_with(token_until(4'000'000'000'000));
    receive(1, hello);
    const auto welcome = only<protocol::welcome>(1);
    ASSERT_TRUE(welcome);
    broker->disconnected(1, now);
    outbound_batch batch;
    batch.revocations.push_back({"t-1", 0});
    apply(batch);
    hello.resume_session = welcome->session;
    EXPECT_EQ(answer_to(2, hello), "UNAUTHENTICATED");
}

TEST_F(a_guarded_exchange, does_not_resume_a_session_for_another_client_with_the_same_token) {
    start_with_answers();
    out.from = {"key-of-ann", "127.0.0.1"};
    auto hello = hello_with(token_until(4'000'000'000'000));
    receive(1, hello);
    const auto welcome = only<protocol::welcome>(1);
    ASSERT_TRUE(welcome);
    hello.resume_session = welcome->session;
    out.from = {"key-of-eve", "127.0.0.1"};
    receive(2, hello);
    const auto other = only<protocol::welcome>(2);
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->resumed);
}

TEST_F(a_guarded_exchange, admits_as_many_sessions_of_a_token_as_it_allows) {
    start_with_answers();
    const auto hello = hello_with(token_until(4'000'000'000'000, "t-1", 2));
    EXPECT_EQ(answer_to(1, hello), "");
    EXPECT_EQ(answer_to(2, hello), "");
    EXPECT_EQ(answer_to(3, hello), "OVERLOADED");
    EXPECT_GT(last_retry_ms, 0U);
    receive(1, protocol::bye{"DRAINED"});
    EXPECT_EQ(answer_to(3, hello), "");
}

TEST_F(a_guarded_exchange, lets_an_agent_come_back_though_its_token_allows_one_session) {
    start();
    const auto token = the_issuer.token({.id = "t-1",
                                         .grade = grade::agent,
                                         .shop = "acme",
                                         .account = "acme:ann",
                                         .issued_at = 1,
                                         .expires_at = 4'000'000'000'000,
                                         .connections = 1});
    auto hello = agent_hello("acme:ann");
    hello.token = token;
    for (connection_id from = 1; from <= 5; ++from) {
        receive(from, hello);
        admit(newest_link());
        EXPECT_TRUE(only<protocol::welcome>(from)) << from;
    }
}

TEST_F(a_guarded_exchange, admits_as_many_sessions_of_an_address_as_one_may_have) {
    options.security.sessions_per_address = 3;
    options.security.insecure = true;
    start_with_answers();
    const auto hello = hello_with(token_until(4'000'000'000'000));
    out.from = {{}, "192.0.2.1"};
    for (connection_id from = 1; from <= 3; ++from)
        EXPECT_EQ(answer_to(from, hello), "");
    EXPECT_EQ(answer_to(4, hello), "OVERLOADED");
    EXPECT_GT(last_retry_ms, 0U);
    out.from = {{}, "192.0.2.2"};
    EXPECT_EQ(answer_to(5, hello), "");
    out.from = {{}, "127.0.0.1"};
    for (connection_id from = 10; from < 20; ++from)
        EXPECT_EQ(answer_to(from, hello), "") << "this machine's are not counted";
    receive(1, protocol::bye{"DRAINED"});
    out.from = {{}, "192.0.2.1"};
    EXPECT_EQ(answer_to(4, hello), "");
}

TEST_F(a_guarded_exchange, looks_at_no_more_tokens_of_an_address_than_it_may_show) {
    options.security.handshakes_per_s = 1;
    options.security.insecure = true;
    start_with_answers();
    out.from = {{}, "192.0.2.1"};
    const auto bad = hello_with("fl1.AAAA.AAAA");
    for (std::uint32_t tried = 0; tried < limits::handshakes_saved_s; ++tried)
        EXPECT_EQ(answer_to(1, bad), "UNAUTHENTICATED");
    EXPECT_EQ(answer_to(1, bad), "RATE_LIMITED");
    EXPECT_GT(last_retry_ms, 0U);
    EXPECT_EQ(answer_to(2, hello_with(token_until(4'000'000'000'000))), "RATE_LIMITED");
    pass(milliseconds(1'000));
    EXPECT_EQ(answer_to(2, hello_with(token_until(4'000'000'000'000))), "");
}

TEST_F(a_guarded_exchange, judges_one_hello_of_a_frame) {
    start_with_answers();
    std::string frame;
    for (int each = 0; each < 200; ++each)
        protocol::encode(frame, hello_with("fl1.AAAA.AAAA"));
    receive_bytes(1, frame);
    EXPECT_EQ(sent_to(1).size(), 2U) << "an error and bye";
}

} // namespace
} // namespace fenliu::transport::testing
