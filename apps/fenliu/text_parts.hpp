// Texts that are longer than one string of the wire may be, cut into parts and put together again. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

/// The text in order, each part at most limits::policy_part_bytes and cut between characters of UTF-8; at least one part. Views
/// into the text.
[[nodiscard]] std::vector<std::string_view> text_parts(std::string_view text);

} // namespace fenliu::apps::fenliu
