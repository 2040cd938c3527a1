// The parts of `fenliu policy` that need no broker: what is checked in files. Each gives the status to exit with.
#pragma once

#include <string>
#include <vector>

#include "apps/fenliu/options.hpp"

namespace fenliu::apps::fenliu {

/// Prints errors and warnings of a policy file with their places, then one line that sums up; failed if there is an error.
[[nodiscard]] exit_status check_policy(const common_options& options, const std::string& file);

/// Evaluates the routing cases of the files (`-`: stdin), prints each difference, then `N passed, N failed`; failed unless all
/// passed.
[[nodiscard]] exit_status test_policies(const common_options& options, const std::vector<std::string>& files);

} // namespace fenliu::apps::fenliu
