#include "apps/fenliu/replay_plan.hpp"

#include <gtest/gtest.h>

#include "protocol/account.hpp"
#include "tests/apps/fenliu/recording.hpp"

namespace fenliu::apps::fenliu {
namespace {

TEST(replay_plan, recorded_answers_belong_to_the_buyer_line_before_them) {
    const auto plan = plan_of({{'b', "one"}, {'a', "first"}, {'a', "second"}, {'b', "two"}, {'a', "third"}});
    ASSERT_EQ(plan.conversations.size(), 1U);
    const auto& lines = plan.conversations[0].lines;
    ASSERT_EQ(lines.size(), 2U);
    ASSERT_EQ(lines[0].replies.size(), 2U);
    EXPECT_EQ(lines[0].replies[1].text, "second");
    EXPECT_EQ(lines[1].replies[0].text, "third");
    EXPECT_EQ(plan.lines, 2U);
    EXPECT_EQ(plan.replies, 3U);
}

TEST(replay_plan, a_line_nobody_answered_gets_an_acknowledgement_of_its_own) {
    const auto plan = plan_of({{'b', "one"}, {'b', "two"}});
    const auto& lines = plan.conversations[0].lines;
    ASSERT_EQ(lines[0].replies.size(), 1U);
    ASSERT_EQ(lines[1].replies.size(), 1U);
    EXPECT_NE(lines[0].replies[0].text, lines[1].replies[0].text);
}

TEST(replay_plan, lines_are_in_order_of_time_and_then_of_the_file) {
    replay_file file;
    record(file, "c", "ann", {{'b', "late"}}, 9'000);
    record(file, "c", "ann", {{'b', "early"}}, 1'000);
    record(file, "c", "ann", {{'b', "also early"}}, 1'000);
    const auto plan = make_replay_plan(file, {});
    const auto& lines = plan.conversations[0].lines;
    EXPECT_EQ(lines[0].text, "early");
    EXPECT_EQ(lines[1].text, "also early");
    EXPECT_EQ(lines[2].text, "late");
    EXPECT_EQ(plan.first_ts, 1'000);
}

TEST(replay_plan, conversations_of_one_buyer_come_one_after_another) {
    replay_file file;
    record(file, "z", "ann", {{'b', "one"}}, 1'000);
    record(file, "y", "ben", {{'b', "two"}}, 2'000);
    record(file, "x", "ann", {{'b', "three"}}, 3'000);
    record(file, "w", "ann", {{'b', "four"}}, 4'000);
    const auto plan = make_replay_plan(file, {});
    ASSERT_EQ(plan.conversations.size(), 4U);
    EXPECT_FALSE(plan.conversations[0].after);
    EXPECT_FALSE(plan.conversations[1].after);
    EXPECT_EQ(plan.conversations[2].after, 0U);
    EXPECT_EQ(plan.conversations[3].after, 2U);
}

TEST(replay_plan, one_shop_takes_everything_if_it_is_named) {
    replay_file file;
    record(file, "a", "ann", {{'b', "one"}});
    file.lines.push_back({2, "b", "other:shop", "ben", "two", 2'000, false});
    EXPECT_EQ(make_replay_plan(file, {}).shops, (std::vector<std::string>{"demo", "other-shop"}));
    EXPECT_EQ(make_replay_plan(file, "mine").shops, std::vector<std::string>{"mine"});
}

TEST(replay_plan, lines_that_fit_nowhere_are_named) {
    replay_file file;
    record(file, "lonely", "ann", {{'a', "anybody?"}});
    record(file, "c", "ann", {{'a', "hello"}, {'b', "hi"}}, 5'000);
    record(file, "c", "ben", {{'b', "me too"}}, 9'000);
    file.lines.push_back({5, "c", "elsewhere", "ann", "hi", 9'500, false});
    const auto plan = make_replay_plan(file, {});
    ASSERT_EQ(plan.unplayed.size(), 4U);
    EXPECT_EQ(plan.unplayed[0].what, "is an agent's line in a conversation without a buyer");
    EXPECT_EQ(plan.unplayed[1].what, "is an agent's line before any line of the buyer");
    EXPECT_EQ(plan.unplayed[2].what, "names another buyer than the conversation's first line");
    EXPECT_EQ(plan.unplayed[3].what, "names another shop than the conversation's first line");
    EXPECT_EQ(plan.lines, 1U);
}

TEST(legal_shop, a_legal_name_stays_and_any_other_becomes_one) {
    EXPECT_EQ(legal_shop("zoom_us"), "zoom_us");
    EXPECT_EQ(legal_shop("小店"), "小店");
    EXPECT_EQ(legal_shop("a:b/c：d e"), "a-b-c-d-e");
    for (const auto& name : {std::string(), std::string("\xFF\x01"), std::string(200, 'x'),
                             std::string(21, 'x') + "店店店店店店店店店店店店店店店店"})
        EXPECT_FALSE(protocol::check_shop(legal_shop(name))) << name;
}

} // namespace
} // namespace fenliu::apps::fenliu
