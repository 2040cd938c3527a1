#include "apps/policy/case_file.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::policy {
namespace {

const std::string smallest =
    R"({"id": "c1", "now": "2026-03-10T12:00:00+08:00", "policy": {"main": "acme"}, "expect": {"reason": "FALLBACK_MAIN"}})";

/// What is wrong with the text's only case; empty if nothing is.
std::string fault_of(const std::string& text) {
    const auto cases = read_cases(text);
    EXPECT_EQ(cases.size(), 1U);
    const auto* broken = cases.empty() ? nullptr : std::get_if<broken_case>(&cases[0].read);
    return broken != nullptr ? broken->text : "";
}

std::string replaced(std::string text, const std::string& part, const std::string& with) {
    return text.replace(text.find(part), part.size(), with);
}

TEST(case_file, what_a_case_leaves_out_is_as_in_a_new_shop) {
    const auto cases = read_cases(smallest);
    ASSERT_EQ(cases.size(), 1U);
    const auto& read = std::get<routing_case>(cases[0].read);
    EXPECT_EQ(read.id, "c1");
    EXPECT_EQ(read.now, 1'773'115'200'000);
    EXPECT_EQ(read.shop, "acme");
    EXPECT_TRUE(read.policy.queue_enabled);
    EXPECT_EQ(read.policy.emergency_words, routing::policy().emergency_words);
    EXPECT_EQ(read.rating, routing::service_rating::none);
    EXPECT_EQ(read.expect.reason, "FALLBACK_MAIN");
    EXPECT_EQ(read.expect.prompt, std::nullopt);
}

TEST(case_file, every_line_is_a_case_with_its_number) {
    const auto cases = read_cases(smallest + "\n\n  " + smallest + "\r\nno case\n" + smallest);
    ASSERT_EQ(cases.size(), 4U);
    EXPECT_EQ(cases[0].line, 1U);
    EXPECT_EQ(cases[1].line, 3U);
    EXPECT_TRUE(std::holds_alternative<routing_case>(cases[1].read));
    EXPECT_EQ(cases[2].line, 4U);
    EXPECT_TRUE(std::holds_alternative<broken_case>(cases[2].read));
    EXPECT_TRUE(std::holds_alternative<routing_case>(cases[3].read));
}

TEST(case_file, one_object_may_be_laid_out_over_lines) {
    const auto laid_out = replaced(replaced(smallest, "{\"id\"", "\n{\n  \"id\""), ", \"policy\"", ",\n  \"policy\"");
    const auto cases = read_cases(laid_out);
    ASSERT_EQ(cases.size(), 1U);
    EXPECT_EQ(cases[0].line, 2U);
    EXPECT_TRUE(std::holds_alternative<routing_case>(cases[0].read));
    EXPECT_EQ(fault_of(laid_out.substr(0, laid_out.size() - 1)).substr(0, 26), "is no JSON: parse error at");
}

TEST(case_file, a_cut_line_breaks_only_its_own_case) {
    const auto cases = read_cases(smallest.substr(0, 40) + "\n" + smallest);
    ASSERT_EQ(cases.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<broken_case>(cases[0].read));
    EXPECT_TRUE(std::holds_alternative<routing_case>(cases[1].read));
}

TEST(case_file, a_broken_case_says_what_is_wrong_and_where_in_it) {
    EXPECT_EQ(fault_of("[1]"), "the case is no object");
    EXPECT_EQ(fault_of(replaced(smallest, "\"now\"", "\"then\"")), "now is missing");
    EXPECT_EQ(fault_of(replaced(smallest, "+08:00", "")), "now is no time such as 2026-03-01T10:05:00+08:00");
    EXPECT_EQ(fault_of(replaced(smallest, "\"main\": \"acme\"", "\"mode\": \"auto\"")), "policy.main is missing");
    EXPECT_EQ(fault_of(replaced(smallest, "\"acme\"", "\"acme\", \"queue\": {\"enabled\": 1}")),
              "policy.queue.enabled is neither true nor false");
    EXPECT_EQ(fault_of(replaced(smallest, "\"acme\"", "\"acme\", \"queue\": 1")), "policy.queue is no object");
    EXPECT_EQ(fault_of(replaced(smallest, "\"acme\"", "\"acme\", \"robot\": {\"mode\": \"last\"}")),
              "policy.robot.mode is no word known here: last");
    EXPECT_EQ(fault_of(replaced(smallest, "\"acme\"", "\"acme\", \"time_zone\": \"Mars\"")), "policy.time_zone is unknown: Mars");
    EXPECT_EQ(fault_of(replaced(smallest, "\"acme\"",
                                "\"acme\", \"groups\": [{\"id\": \"a\"}, {\"id\": \"b\", \"hours\": [\"9-5\"]}]")),
              "policy.groups[1].hours holds what is no HH:MM-HH:MM: 9-5");
    EXPECT_EQ(fault_of(replaced(smallest, "\"expect\"", "\"agents\": [{\"account\": \"acme\", \"cap\": -1}], \"expect\"")),
              "agents[0].cap is no number of 0…4294967295");
    EXPECT_EQ(fault_of(replaced(smallest, "\"reason\"", "\"because\"")), "expect.reason is missing");
}

TEST(case_file, a_broken_case_keeps_its_id) {
    const auto cases = read_cases(replaced(smallest, "\"now\"", "\"then\""));
    EXPECT_EQ(std::get<broken_case>(cases.at(0).read).id, "c1");
}

TEST(case_file, an_empty_text_holds_no_case) { EXPECT_TRUE(read_cases(" \n\n").empty()); }

} // namespace
} // namespace fenliu::apps::policy
