// Routing cases: complete inputs to the decision procedure with the outcome that is expected, as JSON. A text holds one object,
// or one a line. What a case leaves out is as in a shop made on first use, or none. Reading is a pure function.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "routing/decision.hpp"

namespace fenliu::apps::policy {

struct told_prompt {
    std::string title, body; ///< in Chinese
    friend bool operator==(const told_prompt&, const told_prompt&) = default;
};

/// An outcome in the words of a case.
struct told_outcome {
    std::string reason;
    std::vector<std::string> causes; ///< in order
    std::string agent;               ///< empty: nobody
    std::vector<std::string> also;
    std::optional<told_prompt> prompt;
};

struct case_agent {
    routing::agent_report report;
    double credit = 0;
};

struct routing_case {
    std::string id;
    routing::timestamp_ms now = 0;
    std::string shop;
    routing::policy policy;
    routing::service_rating rating = routing::service_rating::none;
    std::vector<case_agent> agents;
    std::size_t waiting = 0;
    routing::route_request request;
    told_outcome expect;
};

/// A case that can't be evaluated, and why.
struct broken_case {
    std::string id; ///< empty if even that can't be told
    std::string text;
};

struct placed_case {
    std::size_t line = 0; ///< in the text, from 1
    std::variant<routing_case, broken_case> read;
};

/// Every case of the text, broken ones too, in order. Blank lines are skipped.
[[nodiscard]] std::vector<placed_case> read_cases(std::string_view text);

} // namespace fenliu::apps::policy
