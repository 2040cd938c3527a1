#include "tests/apps/fenliud/parsing.hpp"

namespace fenliu::apps::fenliud {
namespace {

TEST(token, grants_a_role_a_shop_and_an_account) {
    const auto tokens = parsed(R"(
[[tokens]]
token = "one"
role = "frontend"
[[tokens]]
token = "two"
role = "agent"
shop = "demo"
account = "demo:amy"
)")
                            .broker.socket.tokens;
    ASSERT_EQ(tokens.size(), 2U);
    EXPECT_EQ(tokens[0].token, "one");
    EXPECT_EQ(tokens[0].role, protocol::role::frontend);
    EXPECT_EQ(tokens[0].shop, "");
    EXPECT_EQ(tokens[1].role, protocol::role::agent);
    EXPECT_EQ(tokens[1].shop, "demo");
    EXPECT_EQ(tokens[1].account, "demo:amy");
}

TEST(token, of_an_account_is_also_of_its_shop) {
    const auto tokens = parsed("[[tokens]]\ntoken = \"one\"\nrole = \"agent\"\naccount = \"demo:amy\"\n").broker.socket.tokens;
    ASSERT_EQ(tokens.size(), 1U);
    EXPECT_EQ(tokens[0].shop, "demo");
}

TEST(token, needs_a_token_and_a_role) {
    EXPECT_EQ(errors_of("[[tokens]]\n"), "f.toml:1:1: [[tokens]] needs token\nf.toml:1:1: [[tokens]] needs role");
    EXPECT_EQ(errors_of("[[tokens]]\ntoken = \"\"\nrole = \"admin\"\n"), "f.toml:2:9: token is empty");
}

TEST(token, an_unknown_role_names_the_one_that_was_meant) {
    EXPECT_EQ(errors_of("[[tokens]]\ntoken = \"one\"\nrole = \"agnet\"\n"),
              "f.toml:3:8: unknown role \"agnet\", did you mean \"agent\"?");
}

TEST(token, an_error_never_shows_the_token) {
    const auto errors =
        errors_of("[[tokens]]\ntoken = \"secret\"\nrole = \"admin\"\n[[tokens]]\ntoken = \"secret\"\nrole = \"admin\"");
    EXPECT_EQ(errors, "f.toml:5:9: this token is there twice");
}

TEST(token, an_account_is_for_agents_only) {
    EXPECT_EQ(errors_of("[[tokens]]\ntoken = \"one\"\nrole = \"frontend\"\naccount = \"demo:amy\"\n"),
              "f.toml:4:11: account is for role = \"agent\" only");
}

TEST(token, an_account_of_another_shop_is_refused) {
    EXPECT_EQ(errors_of("[[tokens]]\ntoken = \"one\"\nrole = \"agent\"\nshop = \"demo\"\naccount = \"other:amy\"\n"),
              "f.toml:5:11: account \"other:amy\" is of shop \"other\", not \"demo\", did you mean \"demo:amy\"?");
}

TEST(token, a_shop_id_holds_no_colon) {
    const auto errors = errors_of("[[tokens]]\ntoken = \"one\"\nrole = \"admin\"\nshop = \"demo:amy\"");
    EXPECT_TRUE(errors.starts_with("f.toml:4:8: shop: the id holds ")) << errors;
}

} // namespace
} // namespace fenliu::apps::fenliud
