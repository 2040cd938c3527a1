#include "apps/policy/example_policy.hpp"

#include <gtest/gtest.h>

#include "apps/policy/policy_file.hpp"
#include "tests/apps/policy/example.hpp"
#include "tests/apps/policy/reading.hpp"

namespace fenliu::apps::policy {
namespace {

policy_file read(const std::string& text) {
    auto result = read_policy_file(text);
    const auto* errors = std::get_if<findings>(&result);
    EXPECT_EQ(errors, nullptr) << to_text(*errors, "example");
    return errors == nullptr ? std::get<policy_file>(std::move(result)) : policy_file();
}

TEST(example_policy, reads_back_as_the_defaults) {
    const auto file = read(example_policy_text());
    EXPECT_EQ(file.shop, "acme");
    EXPECT_EQ(fields_of(file.policy), fields_of(routing::policy()));
}

TEST(example_policy, its_examples_are_right) {
    const auto file = read(with_examples(example_policy_text()));
    EXPECT_EQ(file.policy.windows.size(), 1U);
    EXPECT_EQ(file.policy.groups.size(), 2U);
    EXPECT_EQ(file.policy.agents.size(), 1U);
}

TEST(example_policy, names_every_key) {
    const auto text = with_examples(example_policy_text());
    for (const auto& header :
         {"", "[queue]", "[robot]", "[priority]", "[emergency]", "[offline]", "[[window]]", "[[group]]", "[[agent]]"})
        expect_every_key(text, header,
                         errors_of(std::string(header) + "\nzzzzzzzzzzz = 1\nmembers = []\nid = \"a\"\nhours = []\n"));
}

TEST(example_policy, the_ranges_it_tells_are_those_in_force) {
    EXPECT_EQ(expect_ranges(example_policy_text(), [](const std::string& text) { return errors_of(text); }), 12);
}

TEST(example_policy, its_settings_can_stand_below_another_table) {
    const auto text = example_settings_text("defaults.");
    EXPECT_NE(text.find("\n[defaults.queue]\n"), std::string::npos);
    EXPECT_NE(text.find("\n#[[defaults.window]]\n"), std::string::npos);
    EXPECT_EQ(text.find("\n[queue]\n"), std::string::npos);
}

} // namespace
} // namespace fenliu::apps::policy
