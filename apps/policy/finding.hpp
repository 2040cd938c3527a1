// What is to be said about a place in a file: an error or a warning. Plain data; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fenliu::apps::policy {

struct finding {
    std::uint32_t line = 0, column = 0; ///< from 1, in characters
    std::string text;
};
using findings = std::vector<finding>;

/// In order of place.
void sort(findings& found);

/// `file:line:column: text`, one a line, in order of place; `mark`, e.g. `warning: `, stands before each text.
[[nodiscard]] std::string to_text(findings found, std::string_view file, std::string_view mark = {});

/// A word from the file in double quotes, with control characters made visible.
[[nodiscard]] std::string in_quotes(std::string_view word);

/// `unknown WHAT "word"WHERE, did you mean "…"?`, or, with nothing near, `unknown WHAT "word"WHERE; known: …`. WHERE may be
/// empty, else it begins with a blank.
[[nodiscard]] std::string unknown(std::string_view what, std::string_view word, std::string_view where,
                                  const std::vector<std::string_view>& known);

} // namespace fenliu::apps::policy
