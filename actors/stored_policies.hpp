// The policies in force that were put, not configured, read once at start-up from the texts that the store has. Immutable; any
// thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>

#include "actors/policy_language.hpp"
#include "protocol/error.hpp"
#include "storage/store.hpp"

namespace fenliu::actors {

/// By shop.
using stored_policies = std::map<std::string, std::shared_ptr<const routing::compiled_policy>, std::less<>>;

/// A failure names the shop whose policy this version can't read.
[[nodiscard]] std::variant<std::shared_ptr<const stored_policies>, protocol::failure>
read_stored_policies(const storage::recovered& recovered, const policy_language& language);

} // namespace fenliu::actors
