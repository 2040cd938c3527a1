#include "apps/policy/text_difference.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "apps/policy/changed_lines.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::policy {
namespace {

std::string difference(std::string_view before, std::string_view after) { return text_difference({"a", before}, {"b", after}); }

/// What a difference makes of `before`: an independent reading of the format.
std::string patched(const std::string& before, const std::string& difference) {
    const auto lines_of = [](const std::string& text) {
        std::vector<std::string> lines;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);)
            lines.push_back(line + (stream.eof() ? "" : "\n"));
        return lines;
    };
    const auto old_lines = lines_of(before);
    std::string out;
    std::size_t at = 0;
    char last_mark = ' ';
    for (const auto& line : lines_of(difference)) {
        const char before_it = std::exchange(last_mark, line[0]);
        if (line.starts_with("---") || line.starts_with("+++")) continue;
        if (line[0] == '@') {
            std::size_t first = std::stoul(line.substr(4));
            const auto rest = line.substr(4, line.find(" +") - 4);
            if (!rest.ends_with(",0")) --first;
            for (; at < first; ++at)
                out += old_lines.at(at);
        } else if (line[0] == '\\') {
            if (before_it != '-') out.pop_back();
        } else {
            if (line[0] != '-') out += line.substr(1);
            if (line[0] != '+') {
                if (old_lines.at(at).substr(0, line.size() - 2) != line.substr(1, line.size() - 2)) return "not its lines";
                ++at;
            }
        }
    }
    for (; at < old_lines.size(); ++at)
        out += old_lines[at];
    return out;
}

/// Fewest lines to take out and put in, from a table of all pairs.
std::size_t fewest_changes(const std::vector<std::uint32_t>& before, const std::vector<std::uint32_t>& after) {
    std::vector<std::vector<std::size_t>> cost(before.size() + 1, std::vector<std::size_t>(after.size() + 1));
    for (std::size_t i = 0; i <= before.size(); ++i)
        for (std::size_t j = 0; j <= after.size(); ++j) {
            if (i == 0 || j == 0)
                cost[i][j] = i + j;
            else
                cost[i][j] = before[i - 1] == after[j - 1] ? cost[i - 1][j - 1] : 1 + std::min(cost[i - 1][j], cost[i][j - 1]);
        }
    return cost[before.size()][after.size()];
}

TEST(text_difference, equal_texts_have_none) {
    EXPECT_EQ(difference("", ""), "");
    EXPECT_EQ(difference("x\n", "x\n"), "");
}

TEST(text_difference, a_change_stands_between_three_lines_on_each_side) {
    EXPECT_EQ(difference("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
              "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(text_difference, changes_near_each_other_share_their_context) {
    EXPECT_EQ(difference("a\n1\n2\n3\n4\n5\n6\nb\n", "1\n2\n3\n4\n5\n6\n"),
              "--- a\n+++ b\n@@ -1,8 +1,6 @@\n-a\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n");
    EXPECT_EQ(difference("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "1\n2\n3\n4\n5\n6\n7\n"),
              "--- a\n+++ b\n@@ -1,4 +1,3 @@\n-a\n 1\n 2\n 3\n@@ -6,4 +5,3 @@\n 5\n 6\n 7\n-b\n");
}

TEST(text_difference, an_empty_side_is_named_by_the_line_before_it) {
    EXPECT_EQ(difference("", "x\ny\n"), "--- a\n+++ b\n@@ -0,0 +1,2 @@\n+x\n+y\n");
    EXPECT_EQ(difference("x\n", ""), "--- a\n+++ b\n@@ -1 +0,0 @@\n-x\n");
}

TEST(text_difference, a_last_line_without_its_end_is_told) {
    EXPECT_EQ(difference("x", "x\n"), "--- a\n+++ b\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
}

RC_GTEST_PROP(text_difference, what_it_tells_makes_the_one_text_of_the_other, ()) {
    const auto any_text = [] {
        const auto lines =
            *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>("a", "b", "c", "", "退款"));
        std::string text;
        for (const auto& line : lines)
            text += line + "\n";
        if (!lines.empty() && !lines.back().empty() && *rc::gen::arbitrary<bool>()) text.pop_back();
        return text;
    };
    const auto before = any_text(), after = any_text();
    RC_ASSERT(patched(before, difference(before, after)) == after);
}

RC_GTEST_PROP(changed_lines, are_as_few_as_possible, ()) {
    const auto lines = rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 4));
    const auto before = *lines, after = *lines;
    const auto fewest = fewest_changes(before, after);
    const auto found = changed_lines(before, after, fewest);
    RC_ASSERT(found.has_value());
    std::size_t count = 0;
    for (const auto& each : *found)
        count += each.before_to - each.before_from + each.after_to - each.after_from;
    RC_ASSERT(count == fewest);
    if (fewest > 0) RC_ASSERT(!changed_lines(before, after, fewest - 1));
}

std::string numbered_lines(std::size_t count, std::size_t replaced_every) {
    std::string text;
    for (std::size_t line = 0; line < count; ++line)
        text += (replaced_every > 0 && line % replaced_every == 7 ? "other " : "line ") + std::to_string(line) + "\n";
    return text;
}

TEST(text_difference, a_few_changes_in_a_hundred_thousand_lines_are_found_at_once) {
    const auto before = numbered_lines(100'000, 0), after = numbered_lines(100'000, 1'000);
    const auto begun = std::chrono::steady_clock::now();
    const auto told = difference(before, after);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
    EXPECT_EQ(std::count(told.begin(), told.end(), '@'), 400);
    EXPECT_EQ(patched(before, told), after);
}

TEST(text_difference, beyond_the_bound_everything_between_is_replaced_and_it_says_so) {
    const auto before = numbered_lines(100'000, 0), after = numbered_lines(100'000, 10);
    const auto told = difference(before, after);
    EXPECT_EQ(std::count(told.begin(), told.end(), '@'), 4);
    EXPECT_NE(told.find(" @@ more than 2000 changed lines: shown as replaced\n"), std::string::npos);
    EXPECT_EQ(patched(before, told), after);
}

} // namespace
} // namespace fenliu::apps::policy
