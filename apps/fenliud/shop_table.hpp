// Reads one [[shop]] of a configuration file: its name, its accounts and its policy.
#pragma once

#include "apps/policy/table_reader.hpp"
#include "routing/policy.hpp"

namespace fenliu::apps::fenliud {

/// What the table doesn't name comes from `defaults`. The main account belongs to every shop, named or not.
[[nodiscard]] routing::shop_settings read_shop(const toml::table& table, const routing::policy& defaults,
                                               policy::findings& errors);

} // namespace fenliu::apps::fenliud
