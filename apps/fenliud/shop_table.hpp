// Reads one [[shop]] of a configuration file: its policy, accounts and groups, and whether the names in it fit together.
#pragma once

#include <string_view>

#include "apps/fenliud/table_reader.hpp"
#include "routing/policy.hpp"

namespace fenliu::apps::fenliud {

/// What the table doesn't name comes from `defaults`. The main account belongs to every shop, named or not.
[[nodiscard]] routing::shop_settings read_shop(const toml::table& table, const routing::policy& defaults,
                                               configuration_errors& errors);

/// Reports a token's or a shop's account that isn't one of `shop`; false if anything is wrong with it.
[[nodiscard]] bool check_account_of(std::string_view shop, const placed_text& account, table_reader& table);

} // namespace fenliu::apps::fenliud
