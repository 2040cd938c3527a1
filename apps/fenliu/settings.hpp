// Values of settings as the command line gives them. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace fenliu::apps::fenliu {

/// The items of `a,b`; none of an empty text.
[[nodiscard]] std::vector<std::string> listed(std::string_view text);

/// Takes `yes` and `no`.
[[nodiscard]] inline CLI::IsMember yes_or_no() { return CLI::IsMember({"yes", "no"}); }

} // namespace fenliu::apps::fenliu
