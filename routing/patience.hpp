// How long a buyer's line may stay unanswered before somebody is told (domain.md, timers; R39, R54): a slow reply to the agent,
// an after-sales one to main too, and in the end another agent or an escalation. Pure.
#pragma once

#include <bitset>
#include <cstddef>
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

/// Which deadlines of a line have passed; each is told once, whatever the policy or the line's place becomes.
using overdue_set = std::bitset<3>;

/// The first deadline of an unanswered line that has not passed; nothing after the last. `placed_by` is why its conversation is
/// where it is: one that is private or addressed to its agent waits for no other.
[[nodiscard]] std::optional<deadline> next_deadline(const policy& rules, bool after_sales, reason placed_by,
                                                    const overdue_set& passed);

} // namespace fenliu::routing
