// Outcomes of the decision procedure by name (domain.md §2): every decision has one reason and may have causes, which say in
// order why earlier preferences were passed over. The names go over the wire and into the store; the numbers don't.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace fenliu::routing {

enum class reason : std::uint8_t {
    none,
    // step 0
    duplicate,
    internal_direct,
    reject_account,
    // step 1
    private_main,
    private_main_suspended,
    private_main_offline,
    // step 3
    direct,
    direct_suspended,
    direct_offline_stored,
    direct_offline_reroute,
    // step 4
    manual_pin,
    open_session,
    owner_offline_reroute,
    robot_continue,
    // step 5
    recent,
    recent_suspended,
    forwarded,
    recent_suspended_reroute,
    recent_offline_robot,
    recent_offline_reroute,
    recent_full_reroute,
    // step 6
    none_online,
    none_participating,
    all_suspended,
    priority_failed,
    robot_no_agent,
    fallback_main,
    fallback_proxy,
    fallback_pool,
    // steps 7–10
    priority_direct,
    dedicated,
    robot_first,
    robot_ratio,
    robot_group,
    await_manual,
    assigned_group,
    assigned_overflow,
    assigned_any,
    // step 11
    queued,
    queue_full,
    all_full_overload,
    all_full_robot,
    all_full_fallback,
    // timers and commands
    wait_reassign,
    wait_escalate,
    pool_redistributed,
    forward_rejected,
    picked,
    manual_assign,
};

/// The wire name, e.g. `ASSIGNED_ANY`; empty for `none`.
[[nodiscard]] std::string_view name(reason value) noexcept;
[[nodiscard]] std::optional<reason> reason_of(std::string_view name) noexcept;

/// Whether the receiver was picked among the available (step 10), not led to by contact, address or rank.
[[nodiscard]] bool picked_freely(reason value) noexcept;

/// In the order in which the procedure met them.
using causes = std::vector<reason>;

} // namespace fenliu::routing
