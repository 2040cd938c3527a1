#include "apps/policy/policy_members.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "apps/policy/policy_file.hpp"

namespace fenliu::apps::policy {
namespace {

/// The text with acme:amy in exactly these groups; the errors instead if there are any. What comes out has to be a policy that
/// says so.
std::string with_amy_in(std::string_view text, const std::vector<std::string>& groups) {
    const auto made = set_groups(text, "acme:amy", groups);
    if (const auto* errors = std::get_if<findings>(&made)) return to_text(*errors, "p.toml");
    const auto& out = std::get<std::string>(made);
    const auto read = read_policy_file(out);
    if (const auto* errors = std::get_if<findings>(&read)) return "broken: " + to_text(*errors, "p.toml") + "\n" + out;
    for (const auto& group : std::get<policy_file>(read).policy.groups)
        EXPECT_EQ(std::ranges::count(group.members, "acme:amy"), std::ranges::count(groups, group.id)) << out;
    return out;
}

/// What becomes of `members = MEMBERS` when amy enters, and when she leaves.
std::string entering(const std::string& members) {
    const std::string head = "shop = \"acme\"\n[[group]]\nid = \"g\"\nmembers = ";
    const auto out = with_amy_in(head + members + "\nrobot = true # as ever\n", {"g"});
    EXPECT_EQ(out.substr(0, head.size()), head);
    EXPECT_TRUE(out.ends_with("\nrobot = true # as ever\n")) << out;
    return out.substr(head.size(), out.size() - head.size() - 24);
}
std::string leaving(const std::string& members) {
    const std::string head = "shop = \"acme\"\n[[group]]\nid = \"g\"\nmembers = ";
    const auto out = with_amy_in(head + members + "\n", {});
    EXPECT_EQ(out.substr(0, head.size()), head);
    return out.substr(head.size(), out.size() - head.size() - 1);
}

TEST(policy_members, an_account_enters_a_list_on_one_line) {
    EXPECT_EQ(entering("[]"), R"(["acme:amy"])");
    EXPECT_EQ(entering("[ ]"), R"(["acme:amy" ])");
    EXPECT_EQ(entering(R"(["acme:bob"])"), R"(["acme:bob", "acme:amy"])");
    EXPECT_EQ(entering(R"([ "acme:bob" , ] # the team)"), R"([ "acme:bob", "acme:amy" , ] # the team)");
    EXPECT_EQ(entering(R"('acme:bob')"), R"(['acme:bob', "acme:amy"])");
    EXPECT_EQ(entering(R"(["acme:bob", "acme:amy"])"), R"(["acme:bob", "acme:amy"])");
}

TEST(policy_members, an_account_enters_a_list_of_lines_on_its_own_line) {
    EXPECT_EQ(entering("[\n  \"acme:bob\",\n]"), "[\n  \"acme:bob\",\n  \"acme:amy\",\n]");
    EXPECT_EQ(entering("[\n\t\"acme:bob\"\n]"), "[\n\t\"acme:bob\",\n\t\"acme:amy\"\n]");
    EXPECT_EQ(entering("[\n  \"acme:bob\", # nights, ]\n  # and later:\n]"),
              "[\n  \"acme:bob\", # nights, ]\n  \"acme:amy\",\n  # and later:\n]");
    EXPECT_EQ(entering("[\n  \"acme:bob\" # nights\n]"), "[\n  \"acme:bob\", # nights\n  \"acme:amy\"\n]");
    EXPECT_EQ(entering("[\n  \"acme:bob\"]"), "[\n  \"acme:bob\", \"acme:amy\"]");
    EXPECT_EQ(entering("[ # nobody yet\n]"), "[\"acme:amy\" # nobody yet\n]");
}

TEST(policy_members, an_account_leaves_a_list_on_one_line) {
    EXPECT_EQ(leaving(R"(["acme:amy"])"), "[]");
    EXPECT_EQ(leaving(R"("acme:amy")"), "[]");
    EXPECT_EQ(leaving(R"("acme:bob")"), R"("acme:bob")");
    EXPECT_EQ(leaving(R"(["acme:amy", "acme:bob"])"), R"(["acme:bob"])");
    EXPECT_EQ(leaving(R"(["acme:bob", "acme:amy"])"), R"(["acme:bob"])");
    EXPECT_EQ(leaving(R"(["acme:bob", "acme:amy", "acme:li"])"), R"(["acme:bob", "acme:li"])");
    EXPECT_EQ(leaving(R"(["acme:bob", "acme:amy", ])"), R"(["acme:bob", ])");
}

TEST(policy_members, an_account_leaves_with_its_line_but_comments_stay) {
    EXPECT_EQ(leaving("[\n  \"acme:bob\",\n  \"acme:amy\",\n  \"acme:li\",\n]"), "[\n  \"acme:bob\",\n  \"acme:li\",\n]");
    EXPECT_EQ(leaving("[\n  \"acme:bob\",\n  \"acme:amy\"\n]"), "[\n  \"acme:bob\",\n]");
    EXPECT_EQ(leaving("[\n  \"acme:amy\", # the boss\n  \"acme:bob\",\n]"), "[\n  # the boss\n  \"acme:bob\",\n]");
    EXPECT_EQ(leaving("[\n  \"acme:amy\" # the boss\n  , \"acme:bob\",\n]"), "[\n  # the boss\n   \"acme:bob\",\n]");
    EXPECT_EQ(leaving("[\"acme:bob\", \"acme:amy\",\n \"acme:li\"]"), "[\"acme:bob\",\n \"acme:li\"]");
    EXPECT_EQ(leaving("[\n  \"acme:bob\", # nights\n  \"acme:amy\"]"), "[\n  \"acme:bob\", # nights\n  ]");
}

TEST(policy_members, lines_that_end_in_two_characters_stay_so) {
    EXPECT_EQ(with_amy_in("shop = \"acme\"\r\n[[group]]\r\nid = \"g\"\r\nmembers = [\r\n  \"acme:bob\", # 夜班\r\n]\r\n", {"g"}),
              "shop = \"acme\"\r\n[[group]]\r\nid = \"g\"\r\nmembers = [\r\n  \"acme:bob\", # 夜班\r\n  \"acme:amy\",\r\n]\r\n");
    EXPECT_EQ(with_amy_in("shop = \"acme\"\r\n[[group]]\r\nid = \"g\"\r\nmembers = [\r\n  \"acme:amy\",\r\n]\r\n", {}),
              "shop = \"acme\"\r\n[[group]]\r\nid = \"g\"\r\nmembers = [\r\n]\r\n");
}

TEST(policy_members, groups_may_be_inline_tables_after_chinese_text) {
    const std::string head =
        "\xef\xbb\xbfgroup = [{id = \"售前小组\", tags = [\"老客户\"], members = ['acme:小美', \"acme:amy\"]}, ";
    EXPECT_EQ(with_amy_in(head + "{members = [], id = \"b\"}]\nshop = \"acme\"\n", {"b"}),
              "\xef\xbb\xbfgroup = [{id = \"售前小组\", tags = [\"老客户\"], members = ['acme:小美']}, "
              "{members = [\"acme:amy\"], id = \"b\"}]\nshop = \"acme\"\n");
}

TEST(policy_members, only_the_groups_concerned_change) {
    const std::string text = "# 我们的店\nshop = \"acme\"\n[[group]]\nid = \"a\"\nmembers = [\"acme:amy\"]\n\n[[group]] # 售后\n"
                             "id = \"b\"\nmembers = [ \"acme:bob\",\"acme:li\" ]\n[[group]]\nid = \"c\"\nmembers = []\n";
    EXPECT_EQ(with_amy_in(text, {"a"}), text);
    EXPECT_EQ(with_amy_in(text, {"a", "c"}), text.substr(0, text.size() - 3) + "[\"acme:amy\"]\n");
    EXPECT_EQ(with_amy_in("shop = \"acme\"\n", {}), "shop = \"acme\"\n");
}

TEST(policy_members, a_name_that_needs_escapes_gets_them) {
    const auto made = set_groups("shop = \"acme\"\n[[group]]\nid = \"g\"\nmembers = []\n", "acme:\"q\"", {"g"});
    EXPECT_EQ(std::get<std::string>(made), "shop = \"acme\"\n[[group]]\nid = \"g\"\nmembers = [\"acme:\\\"q\\\"\"]\n");
}

TEST(policy_members, an_unknown_group_is_told_with_the_known_ones) {
    const std::string text = "shop = \"acme\"\n[[group]]\nid = \"after\"\nmembers = []\n[[group]]\nid = \"pre\"\nmembers = []\n";
    EXPECT_EQ(with_amy_in(text, {"x-ray", "aftr"}), "p.toml:2:1: unknown group \"x-ray\"; known: after, pre\n"
                                                    "p.toml:2:1: unknown group \"aftr\", did you mean \"after\"?");
    EXPECT_EQ(with_amy_in("shop = \"acme\"\n", {"g"}), "p.toml:1:1: unknown group \"g\"; the policy has no groups");
}

TEST(policy_members, a_text_with_errors_is_not_touched) {
    EXPECT_EQ(with_amy_in("shop = \"acme\"\n[[group]]\nid = \"g\"\n", {"g"}),
              "p.toml:2:1: [[group]] needs members, accounts of the shop");
    EXPECT_EQ(with_amy_in("shop = \"acme\"\n[[group]]\nid = \"g\"\nmembers = [", {"g"}).substr(0, 10), "p.toml:4:1");
}

} // namespace
} // namespace fenliu::apps::policy
