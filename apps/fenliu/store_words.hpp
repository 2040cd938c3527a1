// What a look at a store found, in words and as JSON. Pure functions.
#pragma once

#include <string>

#include "apps/fenliu/language.hpp"
#include "apps/fenliu/output.hpp"
#include "storage/store_check.hpp"

namespace fenliu::apps::fenliu {

/// One line a finding, then the sum.
[[nodiscard]] std::string to_text(const storage::store_report& report, language spoken);
[[nodiscard]] json to_json(const storage::store_report& report);

} // namespace fenliu::apps::fenliu
