// The parts of `fenliu policy` that speak to a broker: a shop's policy in force and its earlier versions. Each gives the status
// to exit with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "apps/fenliu/admin.hpp"

namespace fenliu::apps::fenliu {

/// A version of a shop's policy as the broker keeps it.
struct kept_policy {
    json about; ///< version, at, by, note, current, source
    std::string text;
};

/// The version, or the one in force; all of its text.
[[nodiscard]] std::variant<kept_policy, problem> fetch_policy(admin& session, const std::string& shop,
                                                              std::optional<std::uint64_t> version);

/// Prints the text and nothing else; with --json all about it.
[[nodiscard]] exit_status get_policy(const common_options& options, const std::string& shop,
                                     std::optional<std::uint64_t> version);

/// Prints what is different: between the last two versions, from a version to the one in force, between two. What is no number
/// is a file.
[[nodiscard]] exit_status compare_policies(const common_options& options, const std::string& shop,
                                           const std::vector<std::string>& sides);

/// Prints the newest versions, newest first.
[[nodiscard]] exit_status list_policies(const common_options& options, const std::string& shop, std::size_t limit);

/// Puts an earlier version's text in force again, as a new version.
[[nodiscard]] exit_status roll_back_policy(const common_options& options, const std::string& shop, std::uint64_t version,
                                           const std::string& note);

struct put_arguments {
    std::string shop, file, note;
    std::optional<std::uint64_t> base; ///< refused unless this version is in force
};

/// Checks the file here first, then puts it in force; prints the new version and warnings.
[[nodiscard]] exit_status put_policy(const common_options& options, const put_arguments& given);

} // namespace fenliu::apps::fenliu
