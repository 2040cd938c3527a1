#include "protocol/utf8.hpp"

#include <cassert>
#include <cstdint>
#include <cstring>

namespace fenliu::protocol {

namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;

bool is_continuation(unsigned char byte) noexcept { return (byte & 0xc0) == 0x80; }

} // namespace

code_point first_code_point(std::string_view text) noexcept {
    assert(!text.empty());
    const auto at = [text](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char lead = at(0);
    if (lead < 0x80) return {lead, 1};
    if (lead < 0xc2 || lead > 0xf4) return {};
    const unsigned bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size() < bytes) return {};
    char32_t value = lead & (0x7fU >> bytes);
    for (unsigned index = 1; index < bytes; ++index) {
        if (!is_continuation(at(index))) return {};
        value = value << 6 | (at(index) & 0x3fU);
    }
    const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (overlong || surrogate || value > 0x10ffff) return {};
    return {value, bytes};
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        if (text.size() >= sizeof(std::uint64_t)) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data(), sizeof word);
            if ((word & high_bits) == 0) {
                text.remove_prefix(sizeof word);
                continue;
            }
        }
        const auto [value, bytes] = first_code_point(text);
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

} // namespace fenliu::protocol
