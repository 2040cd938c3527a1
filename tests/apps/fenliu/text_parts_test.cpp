#include "apps/fenliu/text_parts.hpp"

#include <string>

#include <gtest/gtest.h>

#include "apps/fenliu/settings.hpp"

namespace fenliu::apps::fenliu {
namespace {

std::string joined(std::string_view text) {
    std::string out;
    for (const auto part : text_parts(text)) {
        EXPECT_LE(part.size(), limits::policy_part_bytes);
        out += part;
    }
    return out;
}

TEST(text_parts, a_short_text_is_one_part_also_when_it_is_empty) {
    EXPECT_EQ(text_parts("").size(), 1U);
    EXPECT_EQ(text_parts("shop").size(), 1U);
    EXPECT_EQ(text_parts(std::string(limits::policy_part_bytes, 'a')).size(), 1U);
    EXPECT_EQ(text_parts(std::string(limits::policy_part_bytes + 1, 'a')).size(), 2U);
}

TEST(text_parts, characters_stay_whole_and_nothing_is_lost) {
    for (const std::string character : {"a", "é", "美", "😀"}) {
        for (std::size_t shift = 0; shift < 4; ++shift) {
            std::string text(shift, 'x');
            while (text.size() < 3 * limits::policy_part_bytes)
                text += character;
            EXPECT_EQ(joined(text), text);
            for (const auto part : text_parts(text))
                EXPECT_NE(static_cast<unsigned char>(part.front()) & 0xc0U, 0x80U);
        }
    }
}

TEST(text_parts, bytes_that_are_no_characters_are_cut_all_the_same) {
    const std::string text(2 * limits::policy_part_bytes, '\x80');
    EXPECT_EQ(joined(text), text);
}

TEST(settings, a_list_has_commas_between_its_items) {
    EXPECT_EQ(listed(""), std::vector<std::string>());
    EXPECT_EQ(listed("a"), std::vector<std::string>{"a"});
    EXPECT_EQ(listed("售前,b,"), (std::vector<std::string>{"售前", "b"}));
}

} // namespace
} // namespace fenliu::apps::fenliu
