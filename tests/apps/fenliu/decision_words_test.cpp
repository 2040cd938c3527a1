#include "apps/fenliu/decision_words.hpp"

#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "apps/fenliu/reason_words.hpp"

namespace fenliu::apps::fenliu {
namespace {

constexpr std::int64_t at = 1'772'373'785'000;

json decision() {
    return {{"conversation", "c1"},
            {"at", at},
            {"seq", 1},
            {"kind", "message"},
            {"policy", 3},
            {"outcome", "award"},
            {"reason", "ASSIGNED_GROUP"},
            {"causes", {"RECENT_FULL_REROUTE"}},
            {"agent", "shop:li"},
            {"group", "after"},
            {"flags", {"emergency"}},
            {"request",
             {{"entry", "lit_icon"},
              {"tags", {"VIP", "新客"}},
              {"member", true},
              {"recent", {{"account", "shop:wang"}, {"at", at - 7'380'000}, {"by_forward", false}}}}},
            {"agents", {{"robot", 0}, {"offline", 5}, {"suspended", 2}, {"full", 1}, {"ready", 4}}},
            {"candidates",
             {{{"account", "shop:li"}, {"credit", 0.5}, {"load", 2}, {"cap", 10}},
              {{"account", "shop:amy"}, {"credit", 0.25}, {"load", 3}, {"cap", 10}}}},
            {"waiting", 0}};
}

TEST(reason_words, every_reason_has_a_sentence_in_both_languages) {
    int codes = 0;
    for (int number = 1; number < 256; ++number) {
        const auto code = static_cast<routing::reason>(number);
        if (routing::name(code).empty()) continue;
        ++codes;
        EXPECT_FALSE(words_of(code).english.empty()) << routing::name(code);
        EXPECT_FALSE(words_of(code).chinese.empty()) << routing::name(code);
    }
    EXPECT_GT(codes, 40);
    EXPECT_TRUE(words_of(routing::reason::none).english.empty());
}

TEST(reason_words, both_languages_name_the_same_facts) {
    const auto facts_in = [](std::string_view words) {
        const std::string text(words);
        const std::regex fact("\\{[a-z_]+\\}");
        std::set<std::string> found;
        for (std::sregex_iterator each(text.begin(), text.end(), fact), end; each != end; ++each)
            found.insert(each->str());
        return found;
    };
    for (int number = 1; number < 256; ++number) {
        const auto words = words_of(static_cast<routing::reason>(number));
        EXPECT_EQ(facts_in(words.english), facts_in(words.chinese)) << words.english;
    }
}

TEST(language, a_fact_that_is_not_known_takes_the_blank_before_it_along) {
    EXPECT_EQ(fill("{who} was full {load}", {{"who", "amy"}, {"load", "(3/3)"}}), "amy was full (3/3)");
    EXPECT_EQ(fill("{who} was full {load}.", {{"who", "amy"}, {"load", ""}}), "amy was full.");
}

TEST(language, it_is_the_one_asked_for_or_that_of_the_environment) {
    EXPECT_EQ(language_of("zh"), language::chinese);
    EXPECT_EQ(language_of("en"), language::english);
    ::setenv("LC_ALL", "zh_CN.UTF-8", 1);
    EXPECT_EQ(language_of(""), language::chinese);
    ::setenv("LC_ALL", "", 1);
    ::unsetenv("LC_MESSAGES");
    ::setenv("LANG", "en_GB.UTF-8", 1);
    EXPECT_EQ(language_of(""), language::english);
    ::setenv("LANG", "zh_CN.UTF-8", 1);
    EXPECT_EQ(language_of(""), language::chinese);
    ::unsetenv("LANG");
    EXPECT_EQ(language_of(""), language::english);
}

TEST(decision_words, a_decision_is_told_fact_by_fact) {
    EXPECT_EQ(tell_decision(decision(), language::english),
              "Routed " + local_time(at) +
                  " by policy version 3: ASSIGNED_GROUP to shop:li - the best of 2 candidates in group after (credit 0.50, load "
                  "2/10).\n"
                  "  Passed over: recent contact shop:wang was full.\n"
                  "  Known: the text holds an emergency word.\n"
                  "  Asked: entry lit_icon; tags VIP, 新客; member; recent contact shop:wang 2 h 3 min before.\n"
                  "  Candidates, best first: shop:li (credit 0.50, load 2/10); shop:amy (credit 0.25, load 3/10).\n"
                  "  Of 12 accounts 4 are ready, 5 offline, 2 suspended, 1 full.\n");
}

TEST(decision_words, the_same_in_chinese) {
    EXPECT_EQ(tell_decision(decision(), language::chinese),
              local_time(at) +
                  " 按策略第 3 版分流：ASSIGNED_GROUP，转给 shop:li —— 是分组 after 中 2 名候选中最合适的（信用 0.50，接待 "
                  "2/10）。\n"
                  "  跳过：最近联系人 shop:wang 已满。\n"
                  "  判定：内容含紧急词。\n"
                  "  请求：入口 lit_icon；标签 VIP, 新客；会员；最近联系人 shop:wang（2 h 3 min 前）。\n"
                  "  候选（最合适者在前）：shop:li（信用 0.50，接待 2/10）；shop:amy（信用 0.25，接待 3/10）。\n"
                  "  共 12 个账号：可接待 4，离线 5，挂起 2，满员 1。\n");
}

TEST(decision_words, the_count_of_candidates_is_never_more_than_is_known) {
    const auto first_line = [](const json& told) {
        const auto text = tell_decision(told, language::english);
        return text.substr(0, text.find('\n'));
    };
    auto told = decision();
    told["candidates"].push_back({{"account", "shop:bob"}, {"credit", 0}, {"load", 3}, {"cap", 10}});
    EXPECT_NE(first_line(told).find("the best of 3 or more candidates in group after"), std::string::npos) << first_line(told);
    told["group"] = nullptr;
    told["reason"] = "ASSIGNED_ANY";
    EXPECT_NE(first_line(told).find("the best of 4 candidates in the whole shop"), std::string::npos) << first_line(told);
    told["candidates"].erase(2);
    told["candidates"].erase(1);
    EXPECT_NE(first_line(told).find("the only candidate in the whole shop (credit 0.50"), std::string::npos) << first_line(told);
    told.erase("candidates");
    EXPECT_NE(first_line(told).find("the best candidate in the whole shop."), std::string::npos) << first_line(told);
}

TEST(decision_words, without_an_account_it_says_where_the_buyer_is) {
    const auto told = [](const char* outcome, const char* reason) {
        const auto text =
            tell_decision({{"kind", "test"}, {"policy", 2}, {"outcome", outcome}, {"reason", reason}}, language::english);
        return text.substr(0, text.find('\n'));
    };
    EXPECT_EQ(
        told("queue", "QUEUED"),
        "Tried, without any effect, by policy version 2: QUEUED, into the waiting line - all were full, so the buyer waits in "
        "line.");
    EXPECT_EQ(told("robot", "ROBOT_FIRST"),
              "Tried, without any effect, by policy version 2: ROBOT_FIRST, to the robot - the shop's "
              "robot answers before people.");
    EXPECT_EQ(told("pool", "A_NEW_CODE"),
              "Tried, without any effect, by policy version 2: A_NEW_CODE, into the offline pool - A_NEW_CODE.");
}

TEST(decision_words, with_verdicts_there_is_a_row_for_every_account) {
    auto told = decision();
    told["verdicts"] = {
        {{"account", "shop:li"}, {"failing", "none"}, {"presence", "online"}, {"load", 2}, {"cap", 10}, {"credit", 0.5}},
        {{"account", "shop:wang"}, {"failing", "full"}, {"online", true}, {"load", 10}, {"cap", 10}, {"credit", 0}},
        {{"account", "shop:小美"}, {"failing", "offline"}, {"online", false}, {"held", true}, {"load", 0}, {"cap", 9}}};
    told["same_outcome"] = false;
    const auto text = tell_decision(told, language::english);
    EXPECT_NE(text.find("recent contact shop:wang was full (10/10)."), std::string::npos) << text;
    EXPECT_NE(text.find("it would go elsewhere"), std::string::npos) << text;
    EXPECT_NE(text.find("shop:li    candidate        online     2/10    0.50\n"
                        "shop:wang  full             online    10/10       0\n"
                        "shop:小美  offline          held        0/9\n"),
              std::string::npos)
        << text;
}

TEST(decision_words, crowds_are_told_by_their_ids_and_an_overflow_by_the_group_before) {
    auto told = decision();
    told["request"] = {{"crowds", {{{"id", "c1"}, {"since", 5}}, {{"id", "c2"}}}}};
    told["reason"] = "ASSIGNED_OVERFLOW";
    told["wanted_group"] = "vip";
    const auto text = tell_decision(told, language::english);
    EXPECT_NE(text.find("nobody in the message's group vip had room, and this was the best of 2 candidates in group after"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("  Asked: crowds c1, c2.\n"), std::string::npos) << text;
}

TEST(decision_words, what_would_steer_a_terminal_does_not_get_there) {
    auto told = decision();
    told["agent"] = "shop:\x1b[2J";
    EXPECT_EQ(tell_decision(told, language::english).find('\x1b'), std::string::npos);
}

TEST(decision_words, an_answer_of_another_shape_is_told_as_far_as_it_goes) {
    EXPECT_FALSE(tell_decision(json(), language::english).empty());
    EXPECT_FALSE(
        tell_decision({{"request", 5}, {"candidates", "x"}, {"agents", {1, 2}}, {"causes", 7}}, language::chinese).empty());
}

} // namespace
} // namespace fenliu::apps::fenliu
