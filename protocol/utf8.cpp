#include "protocol/utf8.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace fenliu::protocol {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;

bool is_high(char byte) noexcept { return static_cast<unsigned char>(byte) >= 0x80; }

bool is_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

std::uint64_t high_bits_of_word(const char* at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word & high_bits;
}

const char* skip_ascii(const char* at, const char* end) noexcept {
    while (end - at >= 32 &&
           (high_bits_of_word(at) | high_bits_of_word(at + 8) | high_bits_of_word(at + 16) | high_bits_of_word(at + 24)) == 0)
        at += 32;
    while (end - at >= 8 && high_bits_of_word(at) == 0)
        at += 8;
    while (at != end && !is_high(*at))
        ++at;
    return at;
}

/// Whether three bytes are one code point. Of the lead's low half and the second byte's highest free bit, none set is an
/// overlong form and 1101 with 1 a surrogate.
bool is_three(const char* at) noexcept {
    const auto byte = [at](int index) { return std::uint32_t{static_cast<unsigned char>(at[index])}; };
    const std::uint32_t bytes = byte(0) << 16 | byte(1) << 8 | byte(2);
    const std::uint32_t top = bytes & 0x0f2000;
    return (bytes & 0xf0c0c0) == 0xe08080 && top != 0 && top != 0x0d2000;
}

/// Bytes of the multibyte code point at `at`; 0: not well formed.
unsigned multibyte_length(const char* at, const char* end) noexcept {
    const std::ptrdiff_t left = end - at;
    if (left >= 3 && is_three(at)) return 3;
    const auto lead = static_cast<unsigned char>(at[0]);
    if (lead >= 0xc2 && lead <= 0xdf) return left >= 2 && is_continuation(at[1]) ? 2 : 0;
    if (lead < 0xf0 || lead > 0xf4 || left < 4) return 0;
    const auto second = static_cast<unsigned char>(at[1]);
    const unsigned lowest = lead == 0xf0 ? 0x90 : 0x80;  // below: overlong
    const unsigned highest = lead == 0xf4 ? 0x8f : 0xbf; // above: past U+10FFFF
    return second >= lowest && second <= highest && is_continuation(at[2]) && is_continuation(at[3]) ? 4 : 0;
}

} // namespace

code_point first_code_point(std::string_view text) noexcept {
    assert(!text.empty());
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return {lead, 1};
    const unsigned bytes = multibyte_length(text.data(), text.data() + text.size());
    char32_t value = lead & (0x7fU >> bytes);
    for (unsigned index = 1; index < bytes; ++index)
        value = value << 6 | (static_cast<unsigned char>(text[index]) & 0x3fU);
    return {value, bytes};
}

bool is_utf8(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        at = skip_ascii(at, end);
        // What Chinese text is made of.
        while (end - at >= 3 && is_three(at))
            at += 3;
        if (at == end || !is_high(*at)) continue;
        const unsigned bytes = multibyte_length(at, end);
        if (bytes == 0) return false;
        at += bytes;
    }
    return true;
}

} // namespace fenliu::protocol
