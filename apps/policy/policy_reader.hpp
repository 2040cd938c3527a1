// Reads the keys of a routing policy out of a table: of a policy file, of [defaults], or of a [[shop]]. They mirror
// routing/policy.hpp, and every wrong one is reported. Functions on a table_reader; same thread.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "apps/policy/table_reader.hpp"
#include "routing/policy.hpp"

namespace fenliu::apps::policy {

using account_names = std::set<std::string, std::less<>>;

/// The shop whose accounts a policy may name.
struct policy_owner {
    std::string shop;                        ///< empty: not known, so no account is checked
    const account_names* accounts = nullptr; ///< all there are, besides main; null: any that is one of the shop
};

/// Changes what the table names; the rest of the policy stays. `prefix` is what the sections' names begin with in this file, e.g.
/// `shop.` for `[shop.queue]`. Without an owner (null) the policy may name neither accounts nor groups.
void read_policy(table_reader& table, const std::string& prefix, const policy_owner* owner, routing::policy& policy,
                 findings& errors);

} // namespace fenliu::apps::policy
