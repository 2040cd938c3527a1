// A version of a shop's policy, as it is kept: versions count from 1, the newest is in force, and going back makes a new one.
// Plain data; any thread.
#pragma once

#include <cstdint>
#include <string>

#include "routing/record.hpp"

namespace fenliu::routing {

struct policy_version {
    std::uint32_t version = 0; ///< 0: none yet
    timestamp_ms at = 0;
    std::string by;     ///< account, `admin` or `configuration`
    std::string source; ///< `configuration`, `put`, `rollback`, `agent.set`
    std::string note;
    std::size_t bytes = 0; ///< of the text
    std::string text;      ///< a policy file; held of the one in force, and of the last that configuration gave

    [[nodiscard]] static policy_version of(const policy_set& fact, std::string text) {
        return {fact.version,           fact.at,     std::string{fact.by}, std::string{fact.source},
                std::string{fact.note}, text.size(), std::move(text)};
    }
};

/// Who says what configuration says.
inline constexpr std::string_view configuration = "configuration";

} // namespace fenliu::routing
