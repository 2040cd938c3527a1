// When a message was due stands at the head of its text, so that its receiver knows without asking. Both ends read the same
// clock: they are threads of one process. Pure.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace fenliu::load {

constexpr std::size_t due_digits = 16;

/// Writes it over the first characters of a text of at least `due_digits`. 0: not to be looked at.
inline void write_due(std::string& text, std::int64_t nanoseconds) {
    static constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = due_digits; i-- > 0; nanoseconds >>= 4)
        text[i] = digits[nanoseconds & 0xf];
}

/// 0 where there is none.
inline std::int64_t read_due(std::string_view text) {
    std::int64_t found = 0;
    const auto head = text.substr(0, due_digits);
    const auto [end, wrong] = std::from_chars(head.data(), head.data() + head.size(), found, 16);
    return wrong == std::errc{} && end == head.data() + due_digits ? found : 0;
}

} // namespace fenliu::load
