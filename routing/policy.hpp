// A shop's rules as values (domain.md §2, defaults there). Read-only for a decision; the dispatcher holds the one in force and
// replaces it whole, between two messages. Strings own their text: a policy outlives the file it was read from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/limits.hpp"
#include "routing/account.hpp"
#include "routing/record.hpp"

namespace fenliu::routing {

/// How a recent contact is treated with age and suspension (step 5): both are settings of one rule.
enum class contact_profile : std::uint8_t { modern, seed };
/// Who gets a buyer when nobody is available (step 6).
enum class offline_policy : std::uint8_t { main, proxy, pool };

struct group {
    std::string id;
    std::vector<std::string> members; ///< accounts of the shop
    std::string overflow;             ///< another group's id, one hop; empty: the whole shop
};

struct policy {
    contact_profile profile = contact_profile::modern;
    bool queue_enabled = true;
    std::uint32_t queue_limit = limits::waiting_line;
    offline_policy offline = offline_policy::main;
    std::string proxy;             ///< account for offline_policy::proxy
    bool overload = false;         ///< all full and queue off: give to the least loaded all the same
    bool direct_diversion = false; ///< a buyer who addresses an offline sub is diverted after direct_grace_ms (step 3)
    timestamp_ms direct_grace_ms = 120'000;
    std::uint32_t repeat_entry_min = 0;        ///< minutes after a session's end in which its agent's cap doesn't count; 0: off
    timestamp_ms session_silence_ms = 600'000; ///< an answered conversation ends after this silence
    timestamp_ms loss_grace_ms = 30'000;       ///< a lost agent keeps its conversations this long
    std::uint32_t default_cap = routing::default_cap; ///< cap of an account made on first use
    std::vector<group> groups;                        ///< in policy order

    [[nodiscard]] const group* find_group(std::string_view id) const noexcept {
        for (const auto& each : groups)
            if (each.id == id) return &each;
        return nullptr;
    }
};

/// An account that configuration names; made at start-up or changed to this.
struct account_settings {
    std::string name;
    std::uint32_t cap = default_cap;
    bool participating = true;
};

/// A shop that configuration names.
struct shop_settings {
    std::string name;
    routing::policy policy;
    std::vector<account_settings> accounts;
};

} // namespace fenliu::routing
