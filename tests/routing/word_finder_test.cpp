#include "routing/word_finder.hpp"

#include <random>
#include <set>

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

TEST(word_finder, takes_every_byte_but_letters_and_digits_as_it_is) {
    std::vector<std::string> words;
    for (int byte = 0; byte < 0x80; ++byte)
        words.push_back("<" + std::string(1, static_cast<char>(byte)) + ">");
    const word_finder finder{words};
    for (std::uint32_t byte = 0; byte < 0x80; ++byte)
        EXPECT_EQ(finder.find(words[byte]), numbers{byte});
}

numbers found_one_by_one(const std::vector<std::string>& words, const std::string& text) {
    numbers found;
    for (std::uint32_t at = 0; at < words.size(); ++at)
        if (text.find(words[at]) != std::string::npos) found.push_back(at);
    return found;
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
        std::set<std::string> words;
        for (int i = 0; i < 20; ++i)
            words.insert(text(4));
        const std::vector<std::string> list{words.begin(), words.end()};
        const word_finder finder{list};
        const auto said = text(12);
        EXPECT_EQ(finder.find(said), found_one_by_one(list, said)) << said;
    }
}

// Where Hyperscan's matcher for literals fails.
TEST(word_finder, agrees_on_long_words_of_common_starts_and_repeated_bytes) {
    std::mt19937 random{12};
    const auto text = [&](std::size_t most) {
        std::string made;
        for (const auto size = 1 + random() % most; made.size() < size;)
            made += random() % 4 == 0 ? std::string(1 + random() % 40, "ah"[random() % 2]) : std::string{"甲"};
        return made;
    };
    for (int round = 0; round < 300; ++round) {
        const auto start = text(40);
        std::set<std::string> words;
        for (int i = 0; i < 5; ++i)
            words.insert(start.substr(0, 1 + random() % 40) + text(80));
        const std::vector<std::string> list{words.begin(), words.end()};
        const word_finder finder{list};
        for (const auto& word : list) {
            const auto said = text(30) + word;
            EXPECT_EQ(finder.find(said), found_one_by_one(list, said)) << said;
        }
    }
}

} // namespace
} // namespace fenliu::routing
