// What was changed between two versions of a text, line by line, as people and `patch` read it. Myers' algorithm: as few changed
// lines as possible, in time that grows with the length times the changes. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fenliu::apps::policy {

/// A text and what its version is called.
struct named_text {
    std::string_view name, text;
};

/// A unified difference (`---`, `+++`, `@@`) with 3 lines around each change; empty for equal texts. With more than
/// limits::changed_lines changed lines, everything between the first and the last change is shown as replaced, and the first
/// `@@` line says so.
[[nodiscard]] std::string text_difference(const named_text& before, const named_text& after);

} // namespace fenliu::apps::policy
