// A shop's policy as a file: TOML text, read whole or refused whole. Reading is a pure function of the text; the same rules hold
// for `fenliu policy check` and for a policy that is put into a running broker.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "apps/policy/finding.hpp"
#include "routing/policy.hpp"

namespace fenliu::apps::policy {

struct policy_file {
    std::string shop;
    routing::policy policy;
    findings warnings; ///< in order of place
};

/// The file's policy, or all errors that can be told, in order of place. What the file doesn't name is as in a shop made on first
/// use.
[[nodiscard]] std::variant<policy_file, findings> read_policy_file(std::string_view text);

} // namespace fenliu::apps::policy
