#include <gtest/gtest.h>

#include "protocol/limits.hpp"
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

} // namespace
} // namespace fenliu::transport
