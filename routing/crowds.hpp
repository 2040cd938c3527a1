// How a buyer's crowds change when a frontend names the full current set (R21): joining and leaving are remembered with their
// time, because both count for priority from the next day of the shop only. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "routing/buyer.hpp"
#include "routing/shop_zone.hpp"

namespace fenliu::routing {

/// The memberships after `present` became the full set: those that go on, the new ones since now, and those left today. Views
/// point into `known` and `present`.
[[nodiscard]] std::vector<crowd_membership> crowds_after(const std::vector<crowd>& known,
                                                         const std::vector<std::string_view>& present, const shop_zone& zone,
                                                         timestamp_ms now);

} // namespace fenliu::routing
