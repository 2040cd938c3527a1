// Situations that a simulation has to reach to be evidence: what a run went through, counted. A run that never meets a clock
// jump over eight hours says nothing about one. Values.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fenliu::simulation {

enum class situation : std::uint8_t {
    crash,
    crash_between_commit_and_ack,
    crash_with_unsynced_records,
    crash_after_prompt,
    restart_with_archive_behind,
    restart_with_archive_only,
    resume,
    resume_while_forward_is_under_way,
    resume_replays_data,
    session_without_memory,
    session_expiry,
    link_cut,
    half_open_link,
    silent_reconnect,
    slow_reader,
    outbox_bound,
    credit_at_zero,
    second_device_supersedes,
    two_devices_of_one_buyer,
    device_dies,
    duplicate_publish,
    duplicate_publish_after_restart,
    duplicate_publish_after_close,
    id_reused,
    stale_epoch,
    command_after_close,
    forbidden_command,
    forward,
    forward_to_group,
    forward_rejected,
    forward_to_suspended,
    queued,
    queue_full,
    queue_moved,
    pooled,
    pool_redistribution,
    waiting_buyer_leaves,
    waiting_buyer_served,
    preferred_agent_serves,
    manual_pick,
    pick_rejected,
    robot_first,
    robot_without_agents,
    robot_account_answers,
    robot_handoff,
    robot_goes,
    cap_exceeded_by_reason,
    cap_lowered_under_load,
    suspended_while_full,
    suspended_owner_keeps,
    agent_lost_and_back_within_grace,
    grace_over,
    owner_goes_offline,
    direct_address,
    direct_stored,
    direct_grace_diverts,
    fallback_to_main,
    fallback_to_proxy,
    overload,
    recent_contact,
    recent_contact_full,
    priority_direct,
    prompt,
    prompt_held_back,
    clock_over_eight_hours_while_up,
    clock_over_eight_hours_while_down,
    clock_set_back,
    emergency_ahead,
    ageing_in_force,
    wait_reassign,
    wait_escalate,
    slow_reply,
    silence_closes,
    policy_reload,
    policy_put,
    manual_assignment,
    history_page,
    attach,
    quiet_moment,
    everything_resolved,
    count, ///< of the list; no situation
};

[[nodiscard]] std::string_view name(situation value) noexcept;

class situation_counts {
public:
    void reached(situation value, std::uint64_t times = 1) noexcept { counts_[static_cast<std::size_t>(value)] += times; }
    [[nodiscard]] std::uint64_t of(situation value) const noexcept { return counts_[static_cast<std::size_t>(value)]; }
    /// Whether nothing was left out.
    [[nodiscard]] bool all() const noexcept { return std::ranges::count(counts_, 0U) == 0; }
    void add(const situation_counts& other) noexcept {
        for (std::size_t each = 0; each < counts_.size(); ++each)
            counts_[each] += other.counts_[each];
    }

private:
    std::array<std::uint64_t, static_cast<std::size_t>(situation::count)> counts_{};
};

} // namespace fenliu::simulation
