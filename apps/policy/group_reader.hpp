// Reads the [[group]] tables of a policy and checks how they refer to accounts and to each other. Functions on a table_reader;
// same thread.
#pragma once

#include <string>
#include <string_view>

#include "apps/policy/policy_reader.hpp"

namespace fenliu::apps::policy {

/// Replaces the policy's groups if the table has any. `prefix` as in read_policy.
void read_groups(table_reader& table, const std::string& prefix, const policy_owner& owner, routing::policy& policy,
                 findings& errors);

/// Reports an account that isn't one of the owner's.
void check_owned_account(const policy_owner& owner, const placed_text& account, table_reader& table);

/// Reports an id that no group of the policy has; `where` says in whose policy, and may be empty.
void check_group_id(const routing::policy& policy, const placed_text& id, std::string_view where, table_reader& table);

} // namespace fenliu::apps::policy
