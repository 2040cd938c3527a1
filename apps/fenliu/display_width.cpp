#include "apps/fenliu/display_width.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "protocol/utf8.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct code_range {
    char32_t first, last;
};

// Unicode 15: East Asian Width W and F, and the emoji that terminals draw wide.
constexpr std::array wide{
    code_range{0x1100, 0x115F},   code_range{0x231A, 0x231B},   code_range{0x2329, 0x232A},   code_range{0x23E9, 0x23EC},
    code_range{0x23F0, 0x23F0},   code_range{0x23F3, 0x23F3},   code_range{0x25FD, 0x25FE},   code_range{0x2614, 0x2615},
    code_range{0x2648, 0x2653},   code_range{0x267F, 0x267F},   code_range{0x2693, 0x2693},   code_range{0x26A1, 0x26A1},
    code_range{0x26AA, 0x26AB},   code_range{0x26BD, 0x26BE},   code_range{0x26C4, 0x26C5},   code_range{0x26CE, 0x26CE},
    code_range{0x26D4, 0x26D4},   code_range{0x26EA, 0x26EA},   code_range{0x26F2, 0x26F3},   code_range{0x26F5, 0x26F5},
    code_range{0x26FA, 0x26FA},   code_range{0x26FD, 0x26FD},   code_range{0x2705, 0x2705},   code_range{0x270A, 0x270B},
    code_range{0x2728, 0x2728},   code_range{0x274C, 0x274C},   code_range{0x274E, 0x274E},   code_range{0x2753, 0x2755},
    code_range{0x2757, 0x2757},   code_range{0x2795, 0x2797},   code_range{0x27B0, 0x27B0},   code_range{0x27BF, 0x27BF},
    code_range{0x2B1B, 0x2B1C},   code_range{0x2B50, 0x2B50},   code_range{0x2B55, 0x2B55},   code_range{0x2E80, 0x303E},
    code_range{0x3041, 0x33FF},   code_range{0x3400, 0x4DBF},   code_range{0x4E00, 0xA4CF},   code_range{0xA960, 0xA97F},
    code_range{0xAC00, 0xD7A3},   code_range{0xF900, 0xFAFF},   code_range{0xFE10, 0xFE19},   code_range{0xFE30, 0xFE6F},
    code_range{0xFF00, 0xFF60},   code_range{0xFFE0, 0xFFE6},   code_range{0x16FE0, 0x18AFF}, code_range{0x1B000, 0x1B2FF},
    code_range{0x1F004, 0x1F004}, code_range{0x1F0CF, 0x1F0CF}, code_range{0x1F18E, 0x1F18E}, code_range{0x1F191, 0x1F19A},
    code_range{0x1F200, 0x1F320}, code_range{0x1F32D, 0x1F335}, code_range{0x1F337, 0x1F37C}, code_range{0x1F37E, 0x1F393},
    code_range{0x1F3A0, 0x1F3CA}, code_range{0x1F3CF, 0x1F3D3}, code_range{0x1F3E0, 0x1F3F0}, code_range{0x1F3F4, 0x1F3F4},
    code_range{0x1F3F8, 0x1F43E}, code_range{0x1F440, 0x1F440}, code_range{0x1F442, 0x1F4FC}, code_range{0x1F4FF, 0x1F53D},
    code_range{0x1F54B, 0x1F54E}, code_range{0x1F550, 0x1F567}, code_range{0x1F57A, 0x1F57A}, code_range{0x1F595, 0x1F596},
    code_range{0x1F5A4, 0x1F5A4}, code_range{0x1F5FB, 0x1F64F}, code_range{0x1F680, 0x1F6C5}, code_range{0x1F6CC, 0x1F6CC},
    code_range{0x1F6D0, 0x1F6D2}, code_range{0x1F6D5, 0x1F6DF}, code_range{0x1F6EB, 0x1F6EC}, code_range{0x1F6F4, 0x1F6FC},
    code_range{0x1F7E0, 0x1F7EB}, code_range{0x1F90C, 0x1F93A}, code_range{0x1F93C, 0x1F945}, code_range{0x1F947, 0x1F9FF},
    code_range{0x1FA70, 0x1FAFF}, code_range{0x20000, 0x2FFFD}, code_range{0x30000, 0x3FFFD},
};

// Combining marks, joiners and variation selectors: drawn on the character before them.
constexpr std::array empty{
    code_range{0x0300, 0x036F}, code_range{0x0483, 0x0489}, code_range{0x0591, 0x05BD},   code_range{0x0610, 0x061A},
    code_range{0x064B, 0x065F}, code_range{0x0900, 0x0902}, code_range{0x0E31, 0x0E31},   code_range{0x0E34, 0x0E3A},
    code_range{0x0E47, 0x0E4E}, code_range{0x1AB0, 0x1AFF}, code_range{0x1DC0, 0x1DFF},   code_range{0x200B, 0x200F},
    code_range{0x20D0, 0x20F0}, code_range{0x302A, 0x302D}, code_range{0x3099, 0x309A},   code_range{0xFE00, 0xFE0F},
    code_range{0xFE20, 0xFE2F}, code_range{0xFEFF, 0xFEFF}, code_range{0x1F3FB, 0x1F3FF}, code_range{0xE0100, 0xE01EF},
};

template <std::size_t Count>
bool within(const std::array<code_range, Count>& ranges, char32_t point) noexcept {
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), point,
                                        [](char32_t value, const code_range& range) { return value < range.first; });
    return after != ranges.begin() && point <= std::prev(after)->last;
}

std::size_t cells_of(char32_t point) noexcept {
    if (point < 0x300) return 1;
    if (within(empty, point)) return 0;
    return within(wide, point) ? 2 : 1;
}

constexpr char32_t replacement = 0xFFFD;

/// The first character of a text that is not empty; a byte that is none counts as the replacement character.
protocol::code_point take(std::string_view text) noexcept {
    const auto first = protocol::first_code_point(text);
    return first.bytes == 0 ? protocol::code_point{replacement, 1} : first;
}

bool steers(char32_t point) noexcept {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

} // namespace

std::size_t display_width(std::string_view text) noexcept {
    std::size_t cells = 0;
    while (!text.empty()) {
        const auto next = take(text);
        cells += cells_of(next.value);
        text.remove_prefix(next.bytes);
    }
    return cells;
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto next = take(text);
        if (steers(next.value))
            out += ' ';
        else if (next.value == replacement)
            out += "\xEF\xBF\xBD";
        else
            out += text.substr(0, next.bytes);
        text.remove_prefix(next.bytes);
    }
    return out;
}

std::string clip(std::string_view text, std::size_t cells) {
    if (display_width(text) <= cells) return std::string(text);
    std::string out;
    std::size_t used = 0;
    while (!text.empty()) {
        const auto next = take(text);
        const auto width = cells_of(next.value);
        if (used + width + 1 > cells) break;
        out += text.substr(0, next.bytes);
        used += width;
        text.remove_prefix(next.bytes);
    }
    if (cells > 0) out += "…";
    return out;
}

} // namespace fenliu::apps::fenliu
