// Evaluates a routing case and compares the outcome with the expected one. Pure; no broker takes part.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "apps/policy/case_file.hpp"

namespace fenliu::apps::policy {

/// What the decision procedure makes of the case, or why its policy can't be compiled.
[[nodiscard]] std::variant<told_outcome, std::string> evaluate(const routing_case& given);

/// A field of an outcome that isn't as expected.
struct difference {
    std::string field, expected, got; ///< values as compact text, `none` for nothing
};

/// In the order of a case's fields; empty if the outcomes are the same.
[[nodiscard]] std::vector<difference> compare(const told_outcome& expected, const told_outcome& got);

} // namespace fenliu::apps::policy
