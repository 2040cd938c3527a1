#include "apps/policy/policy_lint.hpp"

#include <gtest/gtest.h>

#include "tests/apps/policy/reading.hpp"

namespace fenliu::apps::policy {
namespace {

/// A group with a member of its own and, below it, what `more` says. Takes as many lines as there are in `more`, and 3.
std::string group(const std::string& id, const std::string& more) {
    return "[[group]]\nid = \"" + id + "\"\nmembers = [\"acme:" + id + "\"]\n" + more;
}

const std::string quiet = "[robot]\nhandoff_words = [\"人工\"]\n"; // the first three lines with the shop's

TEST(policy_lint, a_policy_of_groups_that_are_reached_and_served_has_no_warnings) {
    EXPECT_EQ(
        warnings_of(quiet + group("a", "keywords = [\"x\"]\noverflow = \"b\"\n") + group("b", "") + group("c", "tags = \"t\"\n")),
        "");
}

TEST(policy_lint, a_group_that_nothing_leads_to_is_named) {
    EXPECT_EQ(
        warnings_of(quiet + group("a", "")),
        "p.toml:5:6: no message leads to group \"a\": it has no crowds, tags, products, keywords or order_states and is nobody's "
        "overflow, nor the emergency group; only a click, a forward or the return of a member's buyer does");
    EXPECT_EQ(warnings_of(quiet + "[emergency]\ngroup = \"a\"\n" + group("a", "")), "");
}

TEST(policy_lint, a_group_behind_one_that_serves_all_of_its_scope_is_named) {
    const auto wide = group("a", "crowds = [\"x\", \"y\"]\nkeywords = \"k\"\n");
    const std::string warning =
        "group \"b\" is never chosen by its scope: \"a\" stands before it, serves all of that and is open "
        "whenever it is";
    EXPECT_EQ(warnings_of(quiet + wide + group("b", "crowds = \"y\"\n")), "p.toml:10:6: " + warning);
    EXPECT_EQ(warnings_of(quiet + wide + group("b", "crowds = \"y\"\nhours = \"09:00-18:00\"\n")), "p.toml:10:6: " + warning);
    EXPECT_EQ(warnings_of(quiet + group("b", "crowds = \"y\"\n") + wide), "");
    EXPECT_EQ(warnings_of(quiet + wide + group("b", "crowds = [\"y\", \"z\"]\n")), "");
    EXPECT_EQ(warnings_of(quiet + wide + group("b", "tags = \"y\"\n")), "");
    EXPECT_EQ(warnings_of(quiet + group("a", "crowds = \"y\"\nhours = \"09:00-18:00\"\n") + group("b", "crowds = \"y\"\n")), "");
}

TEST(policy_lint, a_group_that_nobody_serves_is_named) {
    EXPECT_EQ(warnings_of(quiet + "[[group]]\nid = \"a\"\nmembers = []\ntags = \"t\"\n"),
              "p.toml:6:11: nobody serves group \"a\": it has no members");
    const auto day = group("a", "tags = \"t\"\nhours = \"09:00-18:00\"\n");
    EXPECT_EQ(warnings_of(quiet + day + "[[agent]]\naccount = \"acme:a\"\nshifts = \"18:00-02:00\"\n"),
              "p.toml:6:11: nobody serves group \"a\": the shifts of its members are outside its hours");
    EXPECT_EQ(warnings_of(quiet + day + "[[agent]]\naccount = \"acme:a\"\nshifts = \"17:59-02:00\"\n"), "");
}

TEST(policy_lint, a_cap_of_0_for_everybody_is_named) {
    EXPECT_EQ(warnings_of("default_cap = 0\n" + quiet),
              "p.toml:2:15: default_cap is 0: an account that has no other cap gets forwards only");
}

TEST(policy_lint, a_word_that_holds_another_one_of_its_meaning_is_named) {
    EXPECT_EQ(warnings_of("[robot]\nhandoff_words = [\"人工\", \"转人工\"]\n"),
              "p.toml:3:24: \"转人工\" adds nothing: \"人工\" is in it");
}

TEST(policy_lint, the_same_holds_for_emergencies_and_the_keywords_of_a_group) {
    EXPECT_EQ(warnings_of(quiet + "[emergency]\nwords = [\"refund\", \"refunds\"]\n"),
              "p.toml:5:20: \"refunds\" adds nothing: \"refund\" is in it");
    EXPECT_EQ(warnings_of(quiet + group("a", "keywords = [\"退货\", \"我要退货\"]\n") + group("b", "keywords = \"怎么退货\"\n")),
              "p.toml:7:19: \"我要退货\" adds nothing: \"退货\" is in it");
}

TEST(policy_lint, a_keyword_that_is_an_emergency_of_another_group_is_named) {
    const auto words = group("a", "keywords = [\"发票\", \"要退款\"]\n");
    EXPECT_EQ(warnings_of(quiet + words + "[emergency]\ngroup = \"b\"\n" + group("b", "")),
              "p.toml:7:19: \"要退款\" never leads here: it is an emergency, which goes to group \"b\"");
    EXPECT_EQ(warnings_of(quiet + words + "[emergency]\ngroup = \"b\"\n" + group("b", "hours = \"09:00-18:00\"\n")), "");
    EXPECT_EQ(warnings_of(quiet + words + "[emergency]\ngroup = \"a\"\n"), "");
}

TEST(policy_lint, an_overflow_that_cannot_help_is_named) {
    const auto full = group("a", "tags = \"t\"\noverflow = \"b\"\n");
    EXPECT_EQ(warnings_of(quiet + full + "[[group]]\nid = \"b\"\nmembers = [\"acme:a\"]\n"),
              "p.toml:8:12: overflow \"b\" can't help: all its members are in \"a\", too");
    EXPECT_EQ(warnings_of(quiet + full + "[[group]]\nid = \"b\"\nmembers = [\"acme:a\", \"acme:c\"]\n"), "");
    EXPECT_EQ(warnings_of(quiet + group("a", "tags = \"t\"\noverflow = \"b\"\nhours = \"09:00-18:00\"\n") +
                          group("b", "hours = \"18:00-09:00\"\n")),
              "p.toml:8:12: overflow \"b\" is closed whenever \"a\" is open");
}

TEST(policy_lint, a_window_behind_earlier_ones_is_named) {
    const std::string halves = "[[window]]\nhours = \"00:00-12:00\"\n[[window]]\nhours = \"12:00-24:00\"\n";
    EXPECT_EQ(warnings_of(quiet + halves + "[[window]]\nhours = \"11:00-13:00\"\nmode = \"manual\"\n"),
              "p.toml:8:1: this window is never in force: earlier ones have its hours");
    EXPECT_EQ(warnings_of(quiet + "[[window]]\nhours = \"11:00-13:00\"\n" + halves), "");
}

} // namespace
} // namespace fenliu::apps::policy
