// The keys of a routing policy, in [defaults] and in each [[shop]]. They mirror routing/policy.hpp.
#pragma once

#include "apps/fenliud/table_reader.hpp"
#include "routing/policy.hpp"

namespace fenliu::apps::fenliud {

/// Changes what the table names; the rest of the policy stays. Accounts and groups are a shop's own (shop_table.hpp).
void read_policy(table_reader& table, routing::policy& policy);

} // namespace fenliu::apps::fenliud
