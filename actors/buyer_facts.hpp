// What a shop remembers of a buyer, as a decision reads it. Pure; the lane's thread.
#pragma once

#include "routing/buyer.hpp"
#include "routing/compiled_policy.hpp"
#include "routing/decision.hpp"

namespace fenliu::actors {

/// Adds the buyer's traits, recent contact and times to the request.
void add_facts(routing::route_request& request, const routing::buyer& facts, const routing::compiled_policy& policy,
               routing::timestamp_ms now);

} // namespace fenliu::actors
