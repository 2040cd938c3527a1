#include "apps/policy/policy_file.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/apps/policy/reading.hpp"

namespace fenliu::apps::policy {
namespace {

TEST(policy_file, every_key_reaches_its_field) {
    const auto rules = read_right(R"(
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
handoff_words = ["agent"]
[priority]
rating = "silver"
crowds = ["vip", "gold"]
[emergency]
words = "help"
group = "b"
[offline]
policy = "proxy"
proxy = "acme:amy"
)"
                                  "[[group]]\nid = \"a\"\nmembers = []\n[[group]]\nid = \"b\"\nmembers = []\n")
                           .policy;
    EXPECT_EQ(rules.time_zone, "Europe/Berlin");
    EXPECT_EQ(rules.profile, routing::contact_profile::seed);
    EXPECT_EQ(rules.mode, routing::assignment_mode::manual);
    EXPECT_EQ(rules.default_cap, 4U);
    EXPECT_EQ(rules.overwork_percent, 80U);
    EXPECT_EQ(rules.repeat_entry_min, 5U);
    EXPECT_TRUE(rules.direct_diversion);
    EXPECT_EQ(rules.direct_grace_ms, 1);
    EXPECT_EQ(rules.session_silence_ms, 2'000);
    EXPECT_EQ(rules.loss_grace_ms, 3);
    EXPECT_EQ(rules.slow_reply_s, 4U);
    EXPECT_EQ(rules.after_sales_reply_s, 5U);
    EXPECT_EQ(rules.after_sales_group, "a");
    EXPECT_FALSE(rules.queue_enabled);
    EXPECT_EQ(rules.queue_limit, 6U);
    EXPECT_EQ(rules.wait_threshold_s, 7U);
    EXPECT_EQ(rules.ageing_s, 8U);
    EXPECT_EQ(rules.ageing_classes, 2U);
    EXPECT_TRUE(rules.overload);
    EXPECT_EQ(rules.robot, routing::robot_mode::ratio);
    EXPECT_EQ(rules.robot_share, 0.25);
    EXPECT_EQ(rules.handoff_words, std::vector<std::string>{"agent"});
    EXPECT_EQ(rules.rating, routing::service_rating::silver);
    EXPECT_EQ(rules.priority_crowds, (std::vector<std::string>{"vip", "gold"}));
    EXPECT_EQ(rules.emergency_words, std::vector<std::string>{"help"});
    EXPECT_EQ(rules.emergency_group, "b");
    EXPECT_EQ(rules.offline, routing::offline_policy::proxy);
    EXPECT_EQ(rules.proxy, "acme:amy");
}

TEST(policy_file, groups_windows_and_agents_have_all_of_theirs) {
    const auto rules = read_right(R"(
[[group]]
id = "after"
members = ["acme", "acme:小美"]
crowds = ["vip"]
tags = ["VIP"]
products = ["p1"]
keywords = ["退货"]
order_states = ["paid"]
hours = ["09:00-12:00", "22:00-02:00"]
overflow = "pre"
robot = true
strategy = "round_robin"
[[group]]
id = "pre"
members = ["acme:bob"]
[[window]]
hours = "22:00-08:00"
mode = "manual"
robot = "first"
robot_share = 1
[[window]]
hours = []
[[agent]]
account = "acme:bob"
weight = 0.5
shifts = ["09:00-24:00"]
senior = true
)")
                           .policy;
    ASSERT_EQ(rules.groups.size(), 2U);
    const auto& group = rules.groups[0];
    EXPECT_EQ(group.id, "after");
    EXPECT_EQ(group.members, (std::vector<std::string>{"acme", "acme:小美"}));
    EXPECT_EQ(group.crowds, std::vector<std::string>{"vip"});
    EXPECT_EQ(group.tags, std::vector<std::string>{"VIP"});
    EXPECT_EQ(group.products, std::vector<std::string>{"p1"});
    EXPECT_EQ(group.keywords, std::vector<std::string>{"退货"});
    EXPECT_EQ(group.order_states, std::vector<std::string>{"paid"});
    EXPECT_EQ(group.hours, routing::daily_hours({{540, 720}, {1'320, 120}}));
    EXPECT_EQ(group.overflow, "pre");
    EXPECT_TRUE(group.robot);
    EXPECT_EQ(group.strategy, routing::pick_strategy::round_robin);
    ASSERT_EQ(rules.windows.size(), 2U);
    EXPECT_EQ(rules.windows[0].hours, routing::daily_hours({{1'320, 480}}));
    EXPECT_EQ(rules.windows[0].mode, routing::assignment_mode::manual);
    EXPECT_EQ(rules.windows[0].robot, routing::robot_mode::first);
    EXPECT_EQ(rules.windows[0].robot_share, 1);
    EXPECT_EQ(rules.windows[1].mode, std::nullopt);
    EXPECT_EQ(rules.windows[1].robot_share, std::nullopt);
    ASSERT_EQ(rules.agents.size(), 1U);
    EXPECT_EQ(rules.agents[0].account, "acme:bob");
    EXPECT_EQ(rules.agents[0].weight, 0.5);
    EXPECT_EQ(rules.agents[0].shifts, routing::daily_hours({{540, 1'440}}));
    EXPECT_TRUE(rules.agents[0].senior);
}

TEST(policy_file, names_its_shop) {
    const auto error_of = [](std::string_view text) { return to_text(std::get<findings>(read_policy_file(text)), "p.toml"); };
    EXPECT_EQ(error_of("mode = \"auto\"\n"), "p.toml:1:1: the file needs shop");
    EXPECT_EQ(error_of("shop = \"acme:amy\"\n").substr(0, 19), "p.toml:1:8: shop: t");
}

TEST(policy_file, an_unknown_key_names_the_one_that_was_meant) {
    EXPECT_EQ(errors_of("[queue]\nlimits = 3\n[[group]]\nid = \"a\"\nmembers = []\nkeyword = \"x\"\n[quue]\n"),
              "p.toml:3:1: unknown key \"limits\" in [queue], did you mean \"limit\"?\n"
              "p.toml:7:1: unknown key \"keyword\" in [[group]], did you mean \"keywords\"?\n"
              "p.toml:8:2: unknown key \"quue\" in the file, did you mean \"queue\"?");
}

TEST(policy_file, a_member_is_an_account_of_the_shop) {
    EXPECT_EQ(
        errors_of("[[group]]\nid = \"a\"\nmembers = [\"acne:amy\", \"acme：bob\", \"acme:12\", \"acme:eve\", \"acme:eve\"]\n"),
        "p.toml:4:12: account \"acne:amy\" is of shop \"acne\", not \"acme\", did you mean \"acme:amy\"?\n"
        "p.toml:4:24: account: the main part holds a full-width colon; write the half-width one, main:sub, "
        "did you mean \"acme:bob\"?\n"
        "p.toml:4:36: account: the sub part is all digits; add a letter\n"
        "p.toml:4:59: account \"acme:eve\" is there twice");
}

TEST(policy_file, an_agent_is_an_account_of_the_shop_and_there_only_once) {
    EXPECT_EQ(
        errors_of("[[agent]]\naccount = \"bob\"\n[[agent]]\naccount = \"acme\"\n[[agent]]\naccount = \"acme\"\nweight = -1\n"),
        "p.toml:3:11: account \"bob\" is of shop \"bob\", not \"acme\", did you mean \"acme:bob\"?\n"
        "p.toml:7:11: account \"acme\" is there twice\n"
        "p.toml:8:10: weight is -1, outside 0…100");
}

TEST(policy_file, ten_crowds_have_priority_and_no_eleventh) {
    EXPECT_EQ(read_right("[priority]\ncrowds = [\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]\n")
                  .policy.priority_crowds.size(),
              10U);
    EXPECT_EQ(errors_of("[priority]\ncrowds = [\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\"]\n"),
              "p.toml:3:10: 11 crowds, at most 10 have priority (R21)");
}

TEST(policy_file, impossible_hours_are_refused) {
    const std::string head = "[[group]]\nid = \"a\"\nmembers = []\nhours = ";
    for (const std::string wrong : {"25:00-26:00", "9:00-10:00", "09:00", "09:60-10:00", "24:00-01:00", ""})
        EXPECT_EQ(errors_of(head + "[\"" + wrong + "\"]\n"),
                  "p.toml:5:10: \"" + wrong + "\" is no part of a day; write HH:MM-HH:MM, 00:00 to 24:00");
    EXPECT_EQ(errors_of(head + "\"09:00-09:00\"\n"),
              "p.toml:5:9: \"09:00-09:00\" begins and ends at the same time; all day is 00:00-24:00");
}

TEST(policy_file, hours_that_overlap_are_refused) {
    EXPECT_EQ(errors_of("[[agent]]\naccount = \"acme\"\nshifts = [\"22:00-06:00\", \"09:00-12:00\", \"05:59-07:00\"]\n"),
              "p.toml:4:41: \"05:59-07:00\" overlaps \"22:00-06:00\"");
    EXPECT_EQ(errors_of("[[agent]]\naccount = \"acme\"\nshifts = [\"22:00-06:00\", \"06:00-22:00\"]\n"), "");
}

TEST(policy_file, a_window_needs_hours) {
    EXPECT_EQ(errors_of("[[window]]\nmode = \"manual\"\n"), "p.toml:2:1: [[window]] needs hours");
}

TEST(policy_file, an_unknown_time_zone_is_refused) {
    EXPECT_EQ(errors_of("time_zone = \"Asia/Shanghia\"\n"),
              "p.toml:2:13: unknown time zone \"Asia/Shanghia\", did you mean \"Asia/Shanghai\"?");
    EXPECT_EQ(errors_of("time_zone = \"Beijing\"\n"),
              "p.toml:2:13: unknown time zone \"Beijing\"; write an IANA name such as Asia/Shanghai");
}

TEST(policy_file, groups_that_overflow_in_a_circle_are_refused_once) {
    const auto group = [](const std::string& id, const std::string& overflow) {
        return "[[group]]\nid = \"" + id + "\"\nmembers = []\noverflow = \"" + overflow + "\"\n";
    };
    EXPECT_EQ(errors_of(group("x", "a") + group("a", "b") + group("b", "c") + group("c", "a")),
              "p.toml:9:12: overflow goes in a circle: a → b → c → a");
    EXPECT_EQ(errors_of(group("a", "a")), "p.toml:5:12: a group can't overflow into itself");
    EXPECT_EQ(errors_of(group("a", "b") + group("b", "")), "");
}

TEST(policy_file, ids_and_words_are_there_only_once) {
    EXPECT_EQ(
        errors_of("[[group]]\nid = \"a\"\nmembers = []\nkeywords = [\"x\", \"y\", \"x\"]\n[[group]]\nid = \"a\"\nmembers = []\n"
                  "keywords = [\"x\"]\n"),
        "p.toml:5:23: keyword \"x\" is there twice\np.toml:7:6: group \"a\" is there twice");
    EXPECT_EQ(errors_of("[robot]\nhandoff_words = [\"\", \"" + std::string(129, 'a') + "\"]\n"),
              "p.toml:3:18: this word is empty\np.toml:3:22: this word is longer than 128 bytes");
}

TEST(policy_file, a_group_that_is_named_has_to_be_there) {
    EXPECT_EQ(errors_of("after_sales_group = \"c\"\n[emergency]\ngroup = \"aftr\"\n[[group]]\nid = \"after\"\nmembers = []\n"
                        "overflow = \"pre\"\n"),
              "p.toml:2:21: unknown group \"c\"; known: after\n"
              "p.toml:4:9: unknown group \"aftr\", did you mean \"after\"?\n"
              "p.toml:8:12: unknown group \"pre\" in shop \"acme\"; known: after");
}

TEST(policy_file, a_share_is_between_none_and_all) {
    for (const std::string right : {"0", "1", "0.5"})
        EXPECT_EQ(errors_of("[robot]\nshare = " + right + "\n"), "");
    EXPECT_EQ(errors_of("[robot]\nshare = 1.5\n"), "p.toml:3:9: share is 1.5, outside 0…1");
    EXPECT_EQ(errors_of("[robot]\nshare = -0.1\n"), "p.toml:3:9: share is -0.1, outside 0…1");
    EXPECT_EQ(errors_of("[robot]\nshare = nan\n"), "p.toml:3:9: share is nan, outside 0…1");
    EXPECT_EQ(errors_of("[robot]\nshare = \"half\"\n"), "p.toml:3:9: share must be a number, not a text");
    EXPECT_EQ(errors_of("[[window]]\nhours = \"00:00-01:00\"\nrobot_share = 2\n"), "p.toml:4:15: robot_share is 2, outside 0…1");
}

TEST(policy_file, a_proxy_is_needed_and_of_the_shop) {
    EXPECT_EQ(errors_of("[offline]\npolicy = \"proxy\"\n"),
              "p.toml:3:10: policy = \"proxy\" needs proxy, an account of the shop");
    EXPECT_EQ(errors_of("[offline]\nproxy = \"other:bob\"\n"),
              "p.toml:3:9: account \"other:bob\" is of shop \"other\", not \"acme\", did you mean \"acme:bob\"?");
}

TEST(policy_file, a_text_that_is_no_toml_is_told_where) {
    const auto text = errors_of("[queue\n");
    EXPECT_EQ(text.substr(0, 12), "p.toml:2:7: ") << text;
}

TEST(policy_file, a_hundred_thousand_keywords_are_read_in_seconds) {
    std::string text = "[robot]\nhandoff_words = [\"人工\"]\n[[group]]\nid = \"a\"\nmembers = [\"acme\"]\nkeywords = [";
    for (int number = 0; number < 100'000; ++number)
        text += "\"第" + std::to_string(1'000'000 + number) + "号商品\",\n";
    const auto begun = std::chrono::steady_clock::now();
    const auto file = read_right(text + "]\n");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(file.policy.groups[0].keywords.size(), 100'000U);
    EXPECT_TRUE(file.warnings.empty());
    RecordProperty("seconds", std::to_string(took.count()));
    EXPECT_LT(took.count(), 10);
}

} // namespace
} // namespace fenliu::apps::policy
