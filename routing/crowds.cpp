#include "routing/crowds.hpp"

#include <algorithm>

namespace fenliu::routing {

std::vector<crowd_membership> crowds_after(const std::vector<crowd>& known, const std::vector<std::string_view>& present,
                                           const shop_zone& zone, timestamp_ms now) {
    const auto left_before_today = [&](const crowd& each) { return each.until != 0 && zone.day(each.until) < zone.day(now); };
    std::vector<crowd_membership> after;
    for (const auto& each : known) {
        if (left_before_today(each)) continue;
        const bool stays = std::ranges::find(present, each.id) != present.end();
        after.push_back({each.id, each.since, stays ? 0 : each.until != 0 ? each.until : now});
    }
    for (const auto id : present)
        if (std::ranges::find(after, id, &crowd_membership::id) == after.end()) after.push_back({id, now, 0});
    return after;
}

} // namespace fenliu::routing
