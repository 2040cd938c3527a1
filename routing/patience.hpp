// How long a buyer's line may stay unanswered before somebody is told (domain.md, timers; R39, R54): a slow reply to the agent,
// an after-sales one to main too, and in the end another agent or an escalation. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "routing/policy.hpp"
#include "routing/reason.hpp"

namespace fenliu::routing {

enum class overdue : std::uint8_t {
    slow_reply,  ///< the agent is told
    after_sales, ///< the agent and main are told
    wait,        ///< WAIT_REASSIGN once a conversation, else WAIT_ESCALATE
};

struct deadline {
    timestamp_ms after_ms = 0; ///< since the first unanswered line
    overdue what = overdue::slow_reply;
};

/// The `step`-th deadline of an unanswered line, from 0, in order of time; nothing after the last. `placed_by` is why its
/// conversation is where it is: one that is private or addressed to its agent waits for no other.
[[nodiscard]] std::optional<deadline> deadline_at(const policy& rules, bool after_sales, reason placed_by, unsigned step);

} // namespace fenliu::routing
