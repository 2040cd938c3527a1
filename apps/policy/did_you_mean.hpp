// Finds what somebody who mistyped a word probably meant. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace fenliu::apps::policy {

/// Edits (insert, delete, replace, swap of neighbours) that turn one word into the other, counted in characters of UTF-8.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);

/// The candidate nearest to the word, the earlier one of equals; nothing if even that one differs in more than a third of the
/// word (one edit is always allowed, unless it would replace the whole word).
[[nodiscard]] std::optional<std::string_view> did_you_mean(std::string_view word,
                                                           const std::vector<std::string_view>& candidates);

} // namespace fenliu::apps::policy
