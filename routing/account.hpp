// The durable part of an account as a fold over the journal. The live part (load, idle time, connection) belongs to its agent
// actor alone.
#pragma once

#include <cstdint>
#include <string>

#include "routing/record.hpp"

namespace fenliu::routing {

inline constexpr std::uint32_t default_cap = 10;

struct account {
    std::string name;
    std::uint32_t cap = default_cap;
    bool participating = true;
    bool suspended = false;
    bool robot = false;
    double credit = 0;
    timestamp_ms changed_at = 0;
};

void apply(account& value, const account_set& fact);
void apply(account& value, const place_changed& fact); ///< an award to this account: its credit

} // namespace fenliu::routing
