#include "protocol/utf8.hpp"

#include <gtest/gtest.h>

namespace fenliu::protocol {
namespace {

/// The bytes of a number by the pattern of UTF-8, whether or not the number is a code point.
std::string pattern(char32_t value, int bytes) {
    if (bytes == 1) return {static_cast<char>(value)};
    std::string text;
    for (int index = bytes - 1; index > 0; --index)
        text.push_back(static_cast<char>(0x80 | ((value >> 6 * (index)) & 0x3f)));
    text.push_back(static_cast<char>(0x80 | (value & 0x3f)));
    const int lead_bits = 0xf00 >> bytes & 0xff;
    text[0] = static_cast<char>(lead_bits | (value >> 6 * (bytes - 1)));
    return text;
}

int shortest(char32_t value) { return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4; }

TEST(utf8, every_code_point_is_well_formed_and_reads_back) {
    for (char32_t value = 0; value <= 0x10ffff; ++value) {
        if (value == 0xd800) value = 0xe000;
        const std::string text = pattern(value, shortest(value));
        ASSERT_TRUE(is_utf8(text)) << static_cast<std::uint32_t>(value);
        const code_point read = first_code_point(text);
        ASSERT_EQ(read.value, value);
        ASSERT_EQ(read.bytes, text.size());
    }
}

TEST(utf8, surrogates_are_not_well_formed) {
    for (char32_t value = 0xd800; value <= 0xdfff; ++value) {
        ASSERT_FALSE(is_utf8(pattern(value, 3)));
        ASSERT_EQ(first_code_point(pattern(value, 3)).bytes, 0U);
    }
}

TEST(utf8, overlong_forms_are_not_well_formed) {
    for (char32_t value = 0; value < 0x10000; ++value)
        for (int bytes = shortest(value) + 1; bytes <= 4; ++bytes)
            ASSERT_FALSE(is_utf8(pattern(value, bytes)));
}

TEST(utf8, what_is_above_10ffff_is_not_well_formed) {
    for (char32_t value = 0x110000; value <= 0x1fffff; ++value)
        ASSERT_FALSE(is_utf8(pattern(value, 4)));
}

TEST(utf8, a_code_point_cut_short_or_gone_on_with_ascii_is_not_well_formed) {
    for (const std::string_view whole : {"é", "你", "😀"}) {
        for (std::size_t size = 1; size < whole.size(); ++size) {
            EXPECT_FALSE(is_utf8(whole.substr(0, size)));
            EXPECT_FALSE(is_utf8(std::string(whole.substr(0, size)) + "abcdefgh"));
        }
    }
}

TEST(utf8, a_continuation_byte_alone_is_not_well_formed) { EXPECT_FALSE(is_utf8("\x80")); }

TEST(utf8, a_bad_byte_is_found_at_every_place_of_a_long_text) {
    for (std::size_t size = 1; size <= 80; ++size) {
        const std::string text(size, 'x');
        EXPECT_TRUE(is_utf8(text));
        for (std::size_t place = 0; place < size; ++place) {
            std::string bad = text;
            bad[place] = '\xff';
            ASSERT_FALSE(is_utf8(bad)) << place << " of " << size;
        }
    }
}

TEST(utf8, empty_text_is_well_formed) { EXPECT_TRUE(is_utf8("")); }

} // namespace
} // namespace fenliu::protocol
