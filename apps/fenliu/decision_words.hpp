// Tells a decision of the broker (protocol/ADMIN.md) in sentences for people, one a fact: where the message went and why, what
// was passed over, who could have got it. Pure: the answer's JSON to text; what it lacks is left out.
#pragma once

#include <string>

#include "apps/fenliu/language.hpp"
#include "apps/fenliu/output.hpp"

namespace fenliu::apps::fenliu {

/// Lines of text: the first says what happened, the others are indented.
[[nodiscard]] std::string tell_decision(const json& decision, language wanted);

/// `Of 12 accounts 4 are ready, 5 offline, 1 full`, without a full stop; empty without accounts.
[[nodiscard]] std::string tell_counts(const json& agents, language wanted);

/// What an account failed at first: `failing` of the broker in words.
[[nodiscard]] std::string tell_failing(std::string_view failing, language wanted);

/// A table with one row per account: what it failed at first, its presence, load and credit; empty without rows.
[[nodiscard]] std::string tell_verdicts(const json& verdicts, language wanted);

} // namespace fenliu::apps::fenliu
