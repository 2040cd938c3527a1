#include "routing/reason.hpp"

#include <array>
#include <utility>

namespace fenliu::routing {
namespace {

constexpr std::array names{
    std::pair{reason::duplicate, std::string_view{"DUPLICATE"}},
    std::pair{reason::internal_direct, std::string_view{"INTERNAL_DIRECT"}},
    std::pair{reason::reject_account, std::string_view{"REJECT_ACCOUNT"}},
    std::pair{reason::private_main, std::string_view{"PRIVATE_MAIN"}},
    std::pair{reason::private_main_suspended, std::string_view{"PRIVATE_MAIN_SUSPENDED"}},
    std::pair{reason::private_main_offline, std::string_view{"PRIVATE_MAIN_OFFLINE"}},
    std::pair{reason::direct, std::string_view{"DIRECT"}},
    std::pair{reason::direct_suspended, std::string_view{"DIRECT_SUSPENDED"}},
    std::pair{reason::direct_offline_stored, std::string_view{"DIRECT_OFFLINE_STORED"}},
    std::pair{reason::direct_offline_reroute, std::string_view{"DIRECT_OFFLINE_REROUTE"}},
    std::pair{reason::manual_pin, std::string_view{"MANUAL_PIN"}},
    std::pair{reason::open_session, std::string_view{"OPEN_SESSION"}},
    std::pair{reason::owner_offline_reroute, std::string_view{"OWNER_OFFLINE_REROUTE"}},
    std::pair{reason::robot_continue, std::string_view{"ROBOT_CONTINUE"}},
    std::pair{reason::recent, std::string_view{"RECENT"}},
    std::pair{reason::recent_suspended, std::string_view{"RECENT_SUSPENDED"}},
    std::pair{reason::forwarded, std::string_view{"FORWARDED"}},
    std::pair{reason::recent_suspended_reroute, std::string_view{"RECENT_SUSPENDED_REROUTE"}},
    std::pair{reason::recent_offline_robot, std::string_view{"RECENT_OFFLINE_ROBOT"}},
    std::pair{reason::recent_offline_reroute, std::string_view{"RECENT_OFFLINE_REROUTE"}},
    std::pair{reason::recent_full_reroute, std::string_view{"RECENT_FULL_REROUTE"}},
    std::pair{reason::none_online, std::string_view{"NONE_ONLINE"}},
    std::pair{reason::none_participating, std::string_view{"NONE_PARTICIPATING"}},
    std::pair{reason::all_suspended, std::string_view{"ALL_SUSPENDED"}},
    std::pair{reason::priority_failed, std::string_view{"PRIORITY_FAILED"}},
    std::pair{reason::robot_no_agent, std::string_view{"ROBOT_NO_AGENT"}},
    std::pair{reason::fallback_main, std::string_view{"FALLBACK_MAIN"}},
    std::pair{reason::fallback_proxy, std::string_view{"FALLBACK_PROXY"}},
    std::pair{reason::fallback_pool, std::string_view{"FALLBACK_POOL"}},
    std::pair{reason::priority_direct, std::string_view{"PRIORITY_DIRECT"}},
    std::pair{reason::dedicated, std::string_view{"DEDICATED"}},
    std::pair{reason::robot_first, std::string_view{"ROBOT_FIRST"}},
    std::pair{reason::robot_ratio, std::string_view{"ROBOT_RATIO"}},
    std::pair{reason::robot_group, std::string_view{"ROBOT_GROUP"}},
    std::pair{reason::await_manual, std::string_view{"AWAIT_MANUAL"}},
    std::pair{reason::assigned_group, std::string_view{"ASSIGNED_GROUP"}},
    std::pair{reason::assigned_overflow, std::string_view{"ASSIGNED_OVERFLOW"}},
    std::pair{reason::assigned_any, std::string_view{"ASSIGNED_ANY"}},
    std::pair{reason::queued, std::string_view{"QUEUED"}},
    std::pair{reason::queue_full, std::string_view{"QUEUE_FULL"}},
    std::pair{reason::all_full_overload, std::string_view{"ALL_FULL_OVERLOAD"}},
    std::pair{reason::all_full_robot, std::string_view{"ALL_FULL_ROBOT"}},
    std::pair{reason::all_full_fallback, std::string_view{"ALL_FULL_FALLBACK"}},
    std::pair{reason::wait_reassign, std::string_view{"WAIT_REASSIGN"}},
    std::pair{reason::wait_escalate, std::string_view{"WAIT_ESCALATE"}},
    std::pair{reason::pool_redistributed, std::string_view{"POOL_REDISTRIBUTED"}},
    std::pair{reason::forward_rejected, std::string_view{"FORWARD_REJECTED"}},
    std::pair{reason::picked, std::string_view{"PICKED"}},
    std::pair{reason::manual_assign, std::string_view{"MANUAL_ASSIGN"}},
};

} // namespace

std::string_view name(reason value) noexcept {
    for (const auto& [each, text] : names)
        if (each == value) return text;
    return {};
}

std::optional<reason> reason_of(std::string_view text) noexcept {
    for (const auto& [each, name] : names)
        if (name == text) return each;
    return std::nullopt;
}

bool picked_freely(reason value) noexcept {
    return value == reason::assigned_any || value == reason::assigned_group || value == reason::assigned_overflow;
}

} // namespace fenliu::routing
