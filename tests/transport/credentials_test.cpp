#include <gtest/gtest.h>

#include "protocol/limits.hpp"
#include "token_fixture.hpp"
#include "transport/credentials.hpp"

namespace fenliu::transport {
namespace {

using protocol::errc;
using protocol::role;

protocol::hello hello(role of, std::string_view account = {}, std::string_view shop = {}, std::string_view token = {}) {
    return {.version = limits::protocol_version, .role = of, .token = token, .shop = shop, .account = account};
}
errc code(const std::variant<identity, protocol::failure>& proven) {
    const auto* why = std::get_if<protocol::failure>(&proven);
    return why == nullptr ? errc::ok : why->code;
}

TEST(credentials_, admit_everybody_where_no_token_is_configured) {
    const credentials open({});
    const auto agent = open.identify(hello(role::agent, "acme:ann"));
    ASSERT_TRUE(std::holds_alternative<identity>(agent));
    EXPECT_EQ(std::get<identity>(agent).shop, "acme");
    EXPECT_EQ(std::get<identity>(agent).account, "acme:ann");
    const auto frontend = open.identify(hello(role::frontend));
    ASSERT_TRUE(std::holds_alternative<identity>(frontend));
    EXPECT_TRUE(std::get<identity>(frontend).shop.empty());
}

TEST(credentials_, reject_an_account_with_a_full_width_colon_and_say_what_to_write) {
    const auto proven = credentials({}).identify(hello(role::agent, "acme：ann"));
    ASSERT_EQ(code(proven), errc::reject_account);
    EXPECT_NE(std::get<protocol::failure>(proven).text.find(':'), std::string::npos);
}

TEST(credentials_, need_an_agents_account_and_no_other_shop_beside_it) {
    const credentials open({});
    EXPECT_EQ(code(open.identify(hello(role::agent))), errc::reject_account);
    EXPECT_EQ(code(open.identify(hello(role::agent, "acme:ann", "acme"))), errc::ok);
    EXPECT_EQ(code(open.identify(hello(role::agent, "acme:ann", "other"))), errc::forbidden);
}

TEST(credentials_, check_the_shop_that_a_frontend_names) {
    const credentials open({});
    EXPECT_EQ(code(open.identify(hello(role::frontend, {}, "acme"))), errc::ok);
    EXPECT_EQ(code(open.identify(hello(role::frontend, {}, "ac/me"))), errc::malformed);
}

TEST(credentials_, tell_an_unknown_token_from_one_that_grants_something_else) {
    const credentials closed({{"front", role::frontend, "acme", {}}, {"ann", role::agent, "acme", "acme:ann"}});
    EXPECT_EQ(code(closed.identify(hello(role::frontend))), errc::unauthenticated);
    EXPECT_EQ(code(closed.identify(hello(role::frontend, {}, {}, "fronT"))), errc::unauthenticated);
    EXPECT_EQ(code(closed.identify(hello(role::admin, {}, {}, "front"))), errc::forbidden);
    EXPECT_EQ(code(closed.identify(hello(role::frontend, {}, "other", "front"))), errc::forbidden);
    EXPECT_EQ(code(closed.identify(hello(role::agent, "acme:bea", {}, "ann"))), errc::forbidden);
    EXPECT_EQ(code(closed.identify(hello(role::agent, "other:ann", {}, "ann"))), errc::forbidden);
    EXPECT_EQ(code(closed.identify(hello(role::agent, "acme:ann", {}, "ann"))), errc::ok);
}

TEST(credentials_, bind_a_frontend_to_the_shop_of_its_token) {
    const credentials closed({{"front", role::frontend, "acme", {}}});
    const auto proven = closed.identify(hello(role::frontend, {}, {}, "front"));
    ASSERT_TRUE(std::holds_alternative<identity>(proven));
    EXPECT_EQ(std::get<identity>(proven).shop, "acme");
}

TEST(credentials_, look_at_every_grant_of_a_token) {
    const credentials closed({{"both", role::frontend, {}, {}}, {"both", role::admin, {}, {}}});
    EXPECT_EQ(code(closed.identify(hello(role::admin, {}, {}, "both"))), errc::ok);
    EXPECT_EQ(code(closed.identify(hello(role::frontend, {}, "any", "both"))), errc::ok);
}

// --- signed tokens ---------------------------------------------------------------------------------------------------------

const testing::issuer the_issuer;
const std::string ann_key = make_curve_pair().public_key, other_key = make_curve_pair().public_key;
const remote from_afar{ann_key, "192.0.2.1"}, from_here{{}, "127.0.0.1"};
constexpr protocol::timestamp_ms now = 1'700'000'000'000;

credentials with_issuer(std::vector<token_grant> grants = {}) {
    security_options security;
    security.issuer_public = the_issuer.keys.public_key;
    return credentials(std::move(grants), security);
}

TEST(credentials_, make_of_a_signed_token_what_it_says) {
    const std::string token = the_issuer.token({.id = "t-9",
                                                .grade = protocol::grade::senior,
                                                .shop = "acme",
                                                .account = "acme:ann",
                                                .issued_at = 1,
                                                .expires_at = now + 1,
                                                .key = ann_key,
                                                .messages_per_s = 20,
                                                .connections = 2});
    const auto proven = with_issuer().identify(hello(role::agent, "acme:ann", {}, token), from_afar, now);
    ASSERT_EQ(code(proven), errc::ok);
    const auto& who = std::get<identity>(proven);
    EXPECT_EQ(who.grade, protocol::grade::senior);
    EXPECT_EQ(who.token_id, "t-9");
    EXPECT_EQ(who.expires_at, now + 1);
    EXPECT_EQ(who.messages_per_s, 20U);
    EXPECT_EQ(who.connections, 2U);
}

TEST(credentials_, take_a_bound_token_from_its_client_alone) {
    const auto token = the_issuer.token(protocol::grade::agent, "acme", "acme:ann", ann_key);
    const auto message = hello(role::agent, "acme:ann", {}, token);
    EXPECT_EQ(code(with_issuer().identify(message, from_afar, now)), errc::ok);
    EXPECT_EQ(code(with_issuer().identify(message, {other_key, "192.0.2.1"}, now)), errc::unauthenticated);
    EXPECT_EQ(code(with_issuer().identify(message, from_here, now)), errc::unauthenticated) << "in clear nobody has a key";
}

TEST(credentials_, take_from_another_machine_bound_tokens_alone) {
    const auto unbound = the_issuer.token(protocol::grade::admin);
    const credentials closed = with_issuer({{"static", role::admin, {}, {}}});
    for (const std::string& token : {unbound, std::string("static"), std::string()})
        EXPECT_EQ(code(closed.identify(hello(role::admin, {}, {}, token), from_afar, now)), errc::unauthenticated) << token;
    EXPECT_EQ(code(closed.identify(hello(role::admin, {}, {}, unbound), from_here, now)), errc::ok);
    EXPECT_EQ(code(closed.identify(hello(role::admin, {}, {}, "static"), from_here, now)), errc::ok);
    EXPECT_EQ(code(credentials({}).identify(hello(role::admin), from_afar, now)), errc::unauthenticated)
        << "nobody's tokens are known, so nobody comes from afar";
}

TEST(credentials_, admit_nobody_without_a_token_once_there_is_an_issuer) {
    EXPECT_EQ(code(with_issuer().identify(hello(role::frontend), from_here, now)), errc::unauthenticated);
}

TEST(credentials_, accept_clear_connections_from_afar_where_the_operator_does) {
    security_options security;
    security.insecure = true;
    const remote in_clear{{}, "192.0.2.1"};
    EXPECT_EQ(code(credentials({}, security).identify(hello(role::frontend), in_clear, now)), errc::ok);
    EXPECT_EQ(code(credentials({}, security).identify(hello(role::frontend), from_afar, now)), errc::unauthenticated)
        << "an encrypted endpoint is as strict as ever";
}

TEST(credentials_, end_a_token_at_its_time) {
    const auto token =
        the_issuer.token({.id = "t", .grade = protocol::grade::frontend, .shop = "acme", .issued_at = 1, .expires_at = now});
    const auto message = hello(role::frontend, {}, {}, token);
    EXPECT_EQ(code(with_issuer().identify(message, from_here, now - 1)), errc::ok);
    EXPECT_EQ(code(with_issuer().identify(message, from_here, now)), errc::unauthenticated);
}

TEST(credentials_, know_revoked_tokens_until_they_end_anyway) {
    credentials closed = with_issuer();
    const auto message = the_issuer.token(protocol::grade::admin);
    closed.revoke({"t-1", 4'000'000'000'000}, now);
    EXPECT_EQ(code(closed.identify(hello(role::admin, {}, {}, message), from_here, now)), errc::unauthenticated);
    closed.revoke({"brief", now + 10}, now);
    EXPECT_EQ(closed.revoked(), 2U);
    closed.revoke({"another", 0}, now + 10);
    EXPECT_EQ(closed.revoked(), 2U) << "brief has ended";
    EXPECT_EQ(code(closed.identify(hello(role::admin, {}, {}, message), from_here, now)), errc::unauthenticated);
}

TEST(credentials_, forbid_what_a_signed_token_does_not_grant) {
    const auto token = the_issuer.token(protocol::grade::agent, "acme", "acme:ann");
    const auto as = [&](const protocol::hello& message) { return code(with_issuer().identify(message, from_here, now)); };
    EXPECT_EQ(as(hello(role::agent, "acme:bea", {}, token)), errc::forbidden);
    EXPECT_EQ(as(hello(role::agent, "other:ann", {}, token)), errc::forbidden);
    EXPECT_EQ(as(hello(role::admin, {}, "acme", token)), errc::forbidden);
    EXPECT_EQ(as(hello(role::frontend, {}, "acme", token)), errc::forbidden);
    const auto auditor = the_issuer.token(protocol::grade::auditor, "acme");
    EXPECT_EQ(as(hello(role::admin, {}, "other", auditor)), errc::forbidden);
    EXPECT_EQ(as(hello(role::admin, {}, {}, auditor)), errc::ok);
}

} // namespace
} // namespace fenliu::transport
