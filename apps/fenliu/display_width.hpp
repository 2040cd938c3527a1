// Texts as a terminal shows them: how many cells they take (a Chinese character takes two), cut to fit, and without anything
// that would steer the terminal. Pure functions on UTF-8; bytes that are none count as one replacement character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fenliu::apps::fenliu {

/// Cells of a terminal line.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

/// The text on one line: control characters (line breaks, escape sequences) and direction overrides become blanks, bad bytes
/// U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

/// The text in at most `cells` cells, with `…` at the end where it was cut.
[[nodiscard]] std::string clip(std::string_view text, std::size_t cells);

} // namespace fenliu::apps::fenliu
