// What is wrong in a configuration file and where. Plain data; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenliu::apps::fenliud {

struct configuration_error {
    std::uint32_t line = 0, column = 0; ///< from 1, in characters
    std::string text;
};
using configuration_errors = std::vector<configuration_error>;

/// `file:line:column: text`, one a line, in order of place.
[[nodiscard]] std::string to_text(configuration_errors errors, std::string_view file);

/// A word from the file in double quotes, with control characters made visible.
[[nodiscard]] std::string in_quotes(std::string_view word);

/// `unknown WHAT "word"WHERE, did you mean "…"?`, or, with nothing near, `unknown WHAT "word"WHERE; known: …`. WHERE may be
/// empty, else it begins with a blank.
[[nodiscard]] std::string unknown(std::string_view what, std::string_view word, std::string_view where,
                                  const std::vector<std::string_view>& known);

} // namespace fenliu::apps::fenliud
