// The group of a message (domain.md §2, step 6; R29, R32, R36–R38): which of the shop's skill groups is to serve it. Groups
// outside their hours are left out. Pure.
#pragma once

#include <optional>

#include "routing/compiled_policy.hpp"
#include "routing/decision.hpp"

namespace fenliu::routing {

/// `rerouted_from`: the recent contact that was passed over (RECENT_*_REROUTE); empty: none.
[[nodiscard]] std::optional<group_index> choose_group(const compiled_policy& policy, const route_request& request,
                                                      const text_signs& signs, std::string_view rerouted_from, timestamp_ms now);

} // namespace fenliu::routing
