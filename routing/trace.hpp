// A decision as a trace and back: what the dispatcher journals of each, and how a trace is evaluated again (invariant 29). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "routing/decision.hpp"
#include "routing/decision_record.hpp"

namespace fenliu::routing {

/// What one decision is made from, besides policy and roster.
struct decision_inputs {
    routing::question question = routing::question::message;
    shop_state shop;
    timestamp_ms now = 0;
    std::uint64_t seed = 0;
};

/// The one way in which questions are decided; the dispatcher's, and that of who evaluates a trace again.
[[nodiscard]] verdict answer(const compiled_policy& policy, const roster& agents, const decision_inputs& given,
                             const route_request& request);

/// Views point into the arguments; the roster stands as it stood for the decision. The charge is the caller's to add.
[[nodiscard]] decision_made trace_of(const compiled_policy& policy, const roster& agents, const decision_inputs& given,
                                     const route_request& request, const verdict& made, const std::vector<std::string>& declined);

/// Whether a decision left everything as it was: an open session went on, a buyer still waits. Those are not traced.
[[nodiscard]] bool changes_nothing(question asked, const route_request& request, const verdict& made) noexcept;

[[nodiscard]] decision_inputs inputs_of(const decision_made& trace);
/// The request as it was; `text` is that of the traced line.
[[nodiscard]] route_request request_of(const decision_made& trace, std::string_view text);

/// Whether both decided the same: outcome, reason, causes, agent and prompt.
[[nodiscard]] bool same_outcome(const decision_made& trace, const verdict& again);

} // namespace fenliu::routing
