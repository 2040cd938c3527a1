// Puts an account into groups, and takes it out of others, in the text of a policy file. People write these files with comments
// and an order of their own, so the text is edited, not written anew. A pure function of the text.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/policy/finding.hpp"

namespace fenliu::apps::policy {

/// The same text with the account in the `members` of exactly these groups. Nothing else changes, comments among the members
/// included. A text that `read_policy_file` refuses gives its errors, an unknown group the ones there are. Whether the account
/// may be a member is not looked at: the text that comes out has to be read.
[[nodiscard]] std::variant<std::string, findings> set_groups(std::string_view text, std::string_view account,
                                                             const std::vector<std::string>& groups);

} // namespace fenliu::apps::policy
