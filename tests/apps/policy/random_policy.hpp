// Policies that a file may hold, made at random: every key, groups that refer to each other, texts that need escapes.
#pragma once

#include <rapidcheck.h>

#include "routing/policy.hpp"

namespace fenliu::apps::policy {

/// A policy of shop `acme`.
[[nodiscard]] rc::Gen<routing::policy> any_policy();

} // namespace fenliu::apps::policy
