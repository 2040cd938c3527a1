#include "tests/apps/fenliud/parsing.hpp"

namespace fenliu::apps::fenliud {
namespace {

TEST(shop, has_its_policy_accounts_and_groups) {
    const auto shops = parsed(R"(
[[shop]]
name = "demo"
accounts = ["demo:amy", {name = "demo:bob", cap = 5, participating = false}, "demo"]
[shop.queue]
enabled = false
[shop.offline]
policy = "proxy"
proxy = "demo:bob"
[[shop.agent]]
account = "demo:bob"
weight = 2
[[shop.group]]
id = "after-sale"
members = ["demo:amy", "demo"]
overflow = "pre-sale"
[[shop.group]]
id = "pre-sale"
members = "demo:bob"
)")
                           .broker.shops;
    ASSERT_EQ(shops.size(), 1U);
    const auto& shop = shops.front();
    EXPECT_EQ(shop.name, "demo");
    EXPECT_FALSE(shop.policy.queue_enabled);
    EXPECT_EQ(shop.policy.offline, routing::offline_policy::proxy);
    EXPECT_EQ(shop.policy.proxy, "demo:bob");
    ASSERT_EQ(shop.accounts.size(), 3U);
    EXPECT_EQ(shop.accounts[0].name, "demo:amy");
    EXPECT_EQ(shop.accounts[0].cap, routing::default_cap);
    EXPECT_TRUE(shop.accounts[0].participating);
    EXPECT_EQ(shop.accounts[1].cap, 5U);
    EXPECT_FALSE(shop.accounts[1].participating);
    ASSERT_EQ(shop.policy.groups.size(), 2U);
    EXPECT_EQ(shop.policy.groups[0].id, "after-sale");
    EXPECT_EQ(shop.policy.groups[0].members, (std::vector<std::string>{"demo:amy", "demo"}));
    EXPECT_EQ(shop.policy.groups[0].overflow, "pre-sale");
    EXPECT_EQ(shop.policy.groups[1].members, std::vector<std::string>{"demo:bob"});
    ASSERT_EQ(shop.policy.agents.size(), 1U);
    EXPECT_EQ(shop.policy.agents[0].weight, 2);
}

TEST(shop, starts_from_the_defaults_wherever_they_stand) {
    const auto value = parsed("[[shop]]\nname = \"demo\"\naccounts = [\"demo:amy\"]\n[shop.queue]\nlimit = 3\n"
                              "[defaults]\ndefault_cap = 4\n[defaults.queue]\nlimit = 9\noverload = true");
    ASSERT_EQ(value.broker.shops.size(), 1U);
    EXPECT_EQ(value.broker.shops[0].policy.queue_limit, 3U);
    EXPECT_TRUE(value.broker.shops[0].policy.overload);
    EXPECT_EQ(value.broker.shops[0].accounts[0].cap, 4U);
}

TEST(shop, needs_a_name) {
    EXPECT_EQ(errors_of("[[shop]]\nprofile = \"seed\"\n"), "f.toml:1:1: [[shop]] needs name");
    EXPECT_EQ(errors_of("[[shop]]\nname = \"a b\"\n"), "f.toml:2:8: shop: the id holds a blank");
}

TEST(shop, is_there_only_once) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\n[[shop]]\nname = \"demo\"\n"),
              "f.toml:4:8: shop \"demo\" is there twice, first in line 2");
}

TEST(shop, an_unknown_key_names_the_one_that_was_meant) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\ndefault_caps = 1\n[shop.queue]\nlimits = 1\n"),
              "f.toml:3:1: unknown key \"default_caps\" in [[shop]], did you mean \"default_cap\"?\n"
              "f.toml:5:1: unknown key \"limits\" in [shop.queue], did you mean \"limit\"?");
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = [{name = \"demo:amy\", capp = 1}]\n"),
              "f.toml:3:33: unknown key \"capp\" in an account, did you mean \"cap\"?");
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\n[[shop.group]]\nid = \"a\"\nmembers = [\"demo\"]\nmember = []\n"),
              "f.toml:6:1: unknown key \"member\" in [[shop.group]], did you mean \"members\"?");
}

TEST(shop, an_account_is_there_only_once) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = [\"demo:amy\", {name = \"demo:amy\"}]\n"),
              "f.toml:3:33: account \"demo:amy\" is there twice");
}

TEST(shop, an_account_of_another_shop_is_refused) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = [\"other:amy\", \"bob\"]\n"),
              "f.toml:3:13: account \"other:amy\" is of shop \"other\", not \"demo\", did you mean \"demo:amy\"?\n"
              "f.toml:3:26: account \"bob\" is of shop \"bob\", not \"demo\", did you mean \"demo:bob\"?");
}

TEST(shop, a_full_width_colon_is_refused_by_name) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = [\"demo：amy\"]\n"),
              "f.toml:3:13: account: the main part holds a full-width colon; write the half-width one, main:sub, "
              "did you mean \"demo:amy\"?");
}

TEST(shop, an_account_is_a_text_or_a_table_with_a_name) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = \"demo:amy\"\n"),
              "f.toml:3:12: accounts must be an array of names or tables {name, cap, participating}, not a text");
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = [7, {cap = 1}]\n"),
              "f.toml:3:13: an account must be a text or a table {name, cap, participating}, not an integer\n"
              "f.toml:3:16: an account needs name");
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = [{name = \"demo:amy\", cap = -1}]\n"),
              "f.toml:3:39: cap is -1, outside 0…100000");
}

TEST(shop, a_group_member_is_an_account_of_the_shop) {
    EXPECT_EQ(
        errors_of("[[shop]]\nname = \"demo\"\naccounts = [\"demo:amy\"]\n[[shop.group]]\nid = \"a\"\nmembers = [\"demo:amx\"]\n"),
        "f.toml:6:12: unknown account \"demo:amx\" in shop \"demo\", did you mean \"demo:amy\"?");
}

TEST(shop, a_group_member_is_there_only_once) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\n[[shop.group]]\nid = \"a\"\nmembers = [\"demo\", \"demo\"]\n"),
              "f.toml:5:20: account \"demo\" is there twice");
}

TEST(shop, a_group_needs_an_id_and_members) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\n[[shop.group]]\n"),
              "f.toml:3:1: [[shop.group]] needs id\nf.toml:3:1: [[shop.group]] needs members, accounts of the shop");
}

TEST(shop, a_group_is_there_only_once) {
    EXPECT_EQ(
        errors_of("[[shop]]\nname = \"demo\"\ngroup = [{id = \"a\", members = \"demo\"}, {id = \"a\", members = \"demo\"}]\n"),
        "f.toml:3:46: group \"a\" is there twice");
}

TEST(shop, a_group_overflows_into_another_known_one) {
    EXPECT_EQ(
        errors_of("[[shop]]\nname = \"demo\"\n[[shop.group]]\nid = \"pre-sale\"\nmembers = \"demo\"\noverflow = \"presale\"\n"
                  "[[shop.group]]\nid = \"after-sale\"\nmembers = \"demo\"\noverflow = \"after-sale\"\n"),
        "f.toml:6:12: unknown group \"presale\" in shop \"demo\", did you mean \"pre-sale\"?\n"
        "f.toml:10:12: a group can't overflow into itself");
}

TEST(shop, a_group_may_go_without_members_for_a_while) {
    const auto value = parsed("[[shop]]\nname = \"demo\"\n[[shop.group]]\nid = \"a\"\nmembers = []\n");
    EXPECT_TRUE(value.broker.shops[0].policy.groups[0].members.empty());
}

TEST(shop, a_proxy_is_an_account_of_the_shop) {
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\naccounts = [\"demo:amy\"]\n"
                        "[shop.offline]\npolicy = \"proxy\"\nproxy = \"demo:am\"\n"),
              "f.toml:6:9: unknown account \"demo:am\" in shop \"demo\", did you mean \"demo:amy\"?");
    EXPECT_EQ(errors_of("[[shop]]\nname = \"demo\"\n[shop.offline]\npolicy = \"proxy\"\n"),
              "f.toml:4:10: policy = \"proxy\" needs proxy, an account of the shop");
}

} // namespace
} // namespace fenliu::apps::fenliud
