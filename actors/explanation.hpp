// Decisions as JSON (protocol/ADMIN.md): the traces that explain answers with, what every agent looked like to the dispatcher,
// and the full explanation that evaluates a conversation's decisions again. Control plane: clarity before speed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "actors/policy_language.hpp"
#include "routing/roster.hpp"
#include "routing/trace.hpp"
#include "storage/store.hpp"

namespace fenliu::actors {

/// One decision; what is as usual is left out of its `request`.
[[nodiscard]] nlohmann::json describe(const routing::decision_made& trace);
/// Every agent with what it fails at first, candidates first; at most limits::explained_agents.
[[nodiscard]] nlohmann::json describe_agents(const routing::roster& agents);
[[nodiscard]] nlohmann::json describe(const routing::failing_counts& counts);
/// The decisions of an answer, oldest first.
[[nodiscard]] nlohmann::json describe(const std::vector<storage::stored_decision>& found);

/// Reads the conversation's decisions and evaluates each again on its recorded inputs (invariant 29); `answer` gets the list,
/// each with `verdicts` and `same_outcome`, or with `full_text` where that isn't possible any more. Works on the store's reading
/// thread, on which `answer` is called.
void explain_in_full(storage::store& store, const policy_language& language, std::string shop,
                     routing::conversation_number number, std::function<void(nlohmann::json)> answer);

} // namespace fenliu::actors
