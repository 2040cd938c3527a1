// Whether an account that a file names is one of its shop. Pure functions on what was read.
#pragma once

#include <string_view>

#include "apps/policy/table_reader.hpp"

namespace fenliu::apps::policy {

/// Reports a name that is no account (R1, R2) or one of another shop than `shop`, unless that is empty; false if anything is
/// wrong with it.
[[nodiscard]] bool check_account_of(std::string_view shop, const placed_text& account, table_reader& table);

} // namespace fenliu::apps::policy
