#include "apps/policy/word_set.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::policy {
namespace {

TEST(word_set, finds_the_longest_word_inside_another) {
    const std::vector<std::string> words{"退", "退货", "吗"};
    const word_set set(words);
    EXPECT_EQ(set.inside("怎么退货"), "退货");
    EXPECT_EQ(set.inside("退货吗"), "退货");
    EXPECT_EQ(set.inside("好吗"), "吗");
}

TEST(word_set, a_word_is_not_inside_itself_but_its_parts_are) {
    const std::vector<std::string> words{"退货", "货"};
    const word_set set(words);
    EXPECT_EQ(set.inside("退货"), "货");
    EXPECT_EQ(set.inside("货"), std::nullopt);
}

TEST(word_set, an_empty_one_finds_nothing) {
    const std::vector<std::string> none;
    EXPECT_EQ(word_set(none).inside("退货"), std::nullopt);
}

} // namespace
} // namespace fenliu::apps::policy
