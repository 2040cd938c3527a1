// UTF-8 as the wire contract means it: RFC 3629, so no overlong forms, no surrogates, nothing above U+10FFFF. Pure functions.
#pragma once

#include <string_view>

namespace fenliu::protocol {

struct code_point {
    char32_t value = 0;
    unsigned bytes = 0; ///< 0: the text doesn't start with a well-formed code point
};

/// The code point that `text` starts with; `text` must not be empty.
[[nodiscard]] code_point first_code_point(std::string_view text) noexcept;

/// Whether all of `text` is well formed. ASCII goes eight bytes at a time.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

} // namespace fenliu::protocol
