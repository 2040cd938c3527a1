// Values of settings as the command line gives them. Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

namespace fenliu::apps::fenliu {

/// The items of `a,b`; none of an empty text.
[[nodiscard]] std::vector<std::string> listed(std::string_view text);

/// `180d`, `26w`, `2y` (of 365 days); nothing for anything else, and from a century on.
[[nodiscard]] std::optional<std::chrono::hours> age_of(std::string_view text);

/// Takes `yes` and `no`.
[[nodiscard]] inline CLI::IsMember yes_or_no() { return CLI::IsMember({"yes", "no"}); }

} // namespace fenliu::apps::fenliu
