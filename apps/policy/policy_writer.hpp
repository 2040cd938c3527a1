// Writes a policy as the text of a policy file, for policies that came from elsewhere: a configuration, a test. Brokers keep
// these texts, so a policy has one text: only keys that differ from a shop made on first use, in the order of the example. Pure.
#pragma once

#include <string>
#include <string_view>

#include "routing/policy.hpp"

namespace fenliu::apps::policy {

/// Reads back (`read_policy_file`) as an equal policy of this shop if every value is one that a file may have.
[[nodiscard]] std::string write_policy(std::string_view shop, const routing::policy& policy);

} // namespace fenliu::apps::policy
