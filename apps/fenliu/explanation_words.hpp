// Tells what `explain` answers in sentences for people: a conversation's way, why a buyer waits, why an account gets buyers or
// doesn't. Pure: the answer's JSON to text; what it lacks is left out.
#pragma once

#include <string>

#include "apps/fenliu/language.hpp"
#include "apps/fenliu/output.hpp"

namespace fenliu::apps::fenliu {

/// What it is, every decision oldest first, and a table of the places it had.
[[nodiscard]] std::string tell_conversation(const json& told, language wanted);

/// The buyer's place in line, who could take it now, and the decision that put it there.
[[nodiscard]] std::string tell_waiting(const json& told, const std::string& buyer, const std::string& shop, language wanted);

/// Whether the account is next to get a buyer, and what it was at each of the shop's last decisions.
[[nodiscard]] std::string tell_agent(const json& told, language wanted);

} // namespace fenliu::apps::fenliu
