#include "apps/policy/policy_writer.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "apps/policy/example_policy.hpp"
#include "apps/policy/policy_file.hpp"
#include "tests/apps/policy/example.hpp"
#include "tests/apps/policy/random_policy.hpp"
#include "tests/apps/policy/reading.hpp"

namespace fenliu::apps::policy {
namespace {

RC_GTEST_PROP(policy_writer, what_it_writes_reads_back_as_an_equal_policy, ()) {
    const auto rules = *any_policy();
    const auto text = write_policy("acme", rules);
    const auto read = read_policy_file(text);
    if (const auto* errors = std::get_if<findings>(&read)) RC_FAIL(to_text(*errors, "p.toml") + "\n" + text);
    RC_ASSERT(std::get<policy_file>(read).shop == "acme");
    RC_ASSERT(std::get<policy_file>(read).policy == rules);
}

TEST(policy_writer, the_defaults_are_a_file_that_names_its_shop) { EXPECT_EQ(write_policy("acme", {}), "shop = \"acme\"\n"); }

TEST(policy_writer, the_example_with_its_examples_reads_back_equal) {
    const auto read = read_policy_file(with_examples(example_policy_text()));
    const auto& file = std::get<policy_file>(read);
    EXPECT_EQ(std::get<policy_file>(read_policy_file(write_policy(file.shop, file.policy))).policy, file.policy);
}

// Brokers keep such texts and compare them: a change of this form shows as a change of every policy.
TEST(policy_writer, every_key_has_its_place_and_form) {
    const std::string text = R"(shop = "acme"
time_zone = "Europe/Berlin"
profile = "seed"
mode = "manual"
default_cap = 4
overwork_percent = 80
repeat_entry_min = 5
direct_diversion = true
direct_grace_ms = 1
session_silence_ms = 2000
loss_grace_ms = 3
slow_reply_s = 4
after_sales_reply_s = 5
after_sales_group = "a"

[queue]
enabled = false
limit = 6
wait_threshold_s = 7
ageing_s = 8
ageing_classes = 2
overload = true

[robot]
mode = "ratio"
share = 0.25
handoff_words = []

[priority]
rating = "silver"
crowds = ["vip", "gold"]

[emergency]
words = ["say \"help\"", "back\\slash", "line\u000abreak"]
group = "b"

[offline]
policy = "proxy"
proxy = "acme:amy"

[[window]]
hours = ["22:00-08:00"]
mode = "auto"
robot = "off"
robot_share = 1.0

[[window]]
hours = []

[[group]]
id = "a"
members = ["acme", "acme:小美"]
crowds = ["vip"]
tags = ["VIP"]
products = ["p1"]
keywords = [
    "一句很长的关键词甲",
    "一句很长的关键词乙",
    "一句很长的关键词丙",
    "a keyword that is longer than the others",
]
order_states = ["paid"]
hours = ["09:00-12:00", "13:00-24:00"]
overflow = "b"
robot = true
strategy = "round_robin"

[[group]]
id = "b"
members = []

[[agent]]
account = "acme:amy"
weight = 0.1
shifts = ["09:00-18:00"]
senior = true

[[agent]]
account = "acme:bob"
)";
    const auto read = read_policy_file(text);
    const auto* errors = std::get_if<findings>(&read);
    ASSERT_EQ(errors, nullptr) << to_text(*errors, "p.toml");
    EXPECT_EQ(write_policy("acme", std::get<policy_file>(read).policy), text);
}

} // namespace
} // namespace fenliu::apps::policy
