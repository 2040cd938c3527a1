// What is allowed in a policy but can't be meant: groups and words that nothing leads to, groups that nobody serves. A pure
// function of a policy that was read without errors.
#pragma once

#include <toml++/toml.h>

#include "apps/policy/finding.hpp"
#include "routing/policy.hpp"

namespace fenliu::apps::policy {

/// Warnings in order of place. `file` is the table the policy was read from; it tells the places.
[[nodiscard]] findings lint(const toml::table& file, const routing::policy& policy);

} // namespace fenliu::apps::policy
