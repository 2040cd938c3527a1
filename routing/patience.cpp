#include "routing/patience.hpp"

#include <array>

namespace fenliu::routing {
namespace {

bool stays_with_its_agent(reason placed_by) noexcept {
    switch (placed_by) {
    case reason::private_main:
    case reason::private_main_suspended:
    case reason::private_main_offline:
    case reason::direct:
    case reason::direct_suspended:
    case reason::direct_offline_stored:
    case reason::internal_direct:
    case reason::manual_assign:
    case reason::fallback_main: // stored for an account, as the offline ones above: only step 4 moves it
    case reason::fallback_proxy:
    case reason::all_full_fallback:
        return true;
    default:
        return false;
    }
}

} // namespace

std::optional<deadline> next_deadline(const policy& rules, bool after_sales, reason placed_by, const overdue_set& passed) {
    const bool waits_for_others = !stays_with_its_agent(placed_by);
    const std::array all{deadline{rules.slow_reply_s * timestamp_ms{1'000}, overdue::slow_reply},
                         deadline{after_sales ? rules.after_sales_reply_s * timestamp_ms{1'000} : 0, overdue::after_sales},
                         deadline{waits_for_others ? rules.wait_threshold_s * timestamp_ms{1'000} : 0, overdue::wait}};
    std::optional<deadline> first;
    for (const auto& each : all) {
        const bool comes = each.after_ms != 0 && !passed.test(static_cast<std::size_t>(each.what));
        if (comes && (!first || each.after_ms < first->after_ms)) first = each;
    }
    return first;
}

} // namespace fenliu::routing
