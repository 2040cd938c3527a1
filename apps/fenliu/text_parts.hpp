// Texts that are longer than one string of the wire may be, cut into parts and put together again. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

/// Bytes of one part: below what a decoder takes for one string.
inline constexpr std::size_t part_bytes = 16'000;
static_assert(part_bytes <= limits::string_bytes);

/// The text in order, each part at most `part_bytes` and cut between characters of UTF-8; at least one part. Views into the text.
[[nodiscard]] std::vector<std::string_view> text_parts(std::string_view text);

} // namespace fenliu::apps::fenliu
