#include "routing/word_finder.hpp"

#include <random>

#include <gtest/gtest.h>

namespace fenliu::routing {
namespace {

using numbers = std::vector<std::uint32_t>;

TEST(word_finder, finds_each_word_once_in_order_of_number) {
    const word_finder words{{"退款", "投诉", "refund"}};
    EXPECT_EQ(words.find("refund 退款, 退款!"), (numbers{0, 2}));
    EXPECT_EQ(words.find("Refund"), numbers{}) << "case-sensitive";
    EXPECT_EQ(words.find(""), numbers{});
}

TEST(word_finder, without_words_finds_nothing) { EXPECT_EQ(word_finder{}.find("anything"), numbers{}); }

TEST(word_finder, a_word_within_another_is_found_too) {
    const word_finder words{{"人工", "转人工"}};
    EXPECT_EQ(words.find("请转人工"), (numbers{0, 1}));
}

TEST(word_finder, takes_words_literally) {
    const word_finder words{{"a.c", "(?"}};
    EXPECT_EQ(words.find("abc (?"), numbers{1});
}

TEST(word_finder, agrees_with_a_search_one_by_one) {
    std::mt19937 random{11};
    const auto text = [&](std::size_t most) {
        std::string made;
        for (std::size_t i = 0, end = 1 + random() % most; i < end; ++i)
            made += "abc"[random() % 3];
        return made;
    };
    for (int round = 0; round < 100; ++round) {
        std::vector<std::string> words;
        for (int i = 0; i < 20; ++i)
            if (const auto word = text(4); std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
        const word_finder finder{words};
        const auto said = text(12);
        numbers expected;
        for (std::uint32_t at = 0; at < words.size(); ++at)
            if (said.find(words[at]) != std::string::npos) expected.push_back(at);
        EXPECT_EQ(finder.find(said), expected) << said;
    }
}

} // namespace
} // namespace fenliu::routing
