// How a shop's policy is written as text; given by the application, so that the actors need not know the format. Stateless; any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "routing/compiled_policy.hpp"

namespace fenliu::actors {

/// What is to be said about a place in a policy's text.
struct policy_finding {
    std::uint32_t line = 0, column = 0; ///< from 1; 0: no place in particular
    bool error = false;                 ///< else a warning
    std::string text;
};
using policy_findings = std::vector<policy_finding>;

struct policy_language {
    struct reading {
        std::shared_ptr<const routing::compiled_policy> policy; ///< null: there are errors
        policy_findings findings;                               ///< errors, else warnings
    };
    struct edit {
        std::string text; ///< empty: there are errors
        policy_findings errors;
    };

    /// The text of a policy.
    std::function<std::string(std::string_view shop, const routing::policy&)> write;
    /// Reads, checks and compiles the text, which has to be `shop`'s. May take seconds with very many words.
    std::function<reading(std::string_view shop, std::string_view text)> read;
    /// The text with the account a member of exactly these groups.
    std::function<edit(std::string_view text, const std::string& account, const std::vector<std::string>& groups)> set_groups;
};

} // namespace fenliu::actors
