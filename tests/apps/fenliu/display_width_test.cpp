#include "apps/fenliu/display_width.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliu {
namespace {

TEST(display_width, latin_letters_take_one_cell) { EXPECT_EQ(display_width("naïve"), 5U); }

TEST(display_width, chinese_characters_take_two_cells) { EXPECT_EQ(display_width("有货吗？"), 8U); }

TEST(display_width, a_combining_mark_takes_none) { EXPECT_EQ(display_width("e\xCC\x81"), 1U); }

TEST(display_width, an_emoji_takes_two_cells) { EXPECT_EQ(display_width("😢"), 2U); }

TEST(display_width, bad_bytes_count_as_one_cell_each) { EXPECT_EQ(display_width("a\xFF\xFE"), 3U); }

TEST(printable, an_escape_sequence_cannot_reach_the_terminal) { EXPECT_EQ(printable("\x1b[2Jhi\r\n\x07"), " [2Jhi   "); }

TEST(printable, c1_controls_and_direction_overrides_become_blanks) {
    EXPECT_EQ(printable("a\xC2\x9B"
                        "b\xE2\x80\xAE"
                        "c"),
              "a b c");
}

TEST(printable, bad_bytes_become_the_replacement_character) { EXPECT_EQ(printable("a\xFF"), "a\xEF\xBF\xBD"); }

TEST(printable, other_text_stays_as_it_is) { EXPECT_EQ(printable("你好, naïve 👍"), "你好, naïve 👍"); }

TEST(clip, what_fits_stays_whole) { EXPECT_EQ(clip("有货", 4), "有货"); }

TEST(clip, a_character_of_two_cells_is_not_cut_in_half) {
    EXPECT_EQ(clip("有货吗", 4), "有…");
    EXPECT_LE(display_width(clip("有货吗", 4)), 4U);
}

} // namespace
} // namespace fenliu::apps::fenliu
