// Numbers in the text of a protocol. Pure.
#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace fenliu::bench {

inline void append_number(std::string& to, std::uint64_t number) {
    std::array<char, 20> digits; // 2^64 has 20
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    to.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

/// As far as there are digits; 0 without any.
[[nodiscard]] inline std::uint64_t read_number(std::string_view digits) {
    std::uint64_t found = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), found);
    return found;
}

} // namespace fenliu::bench
