// Timers of one lane: what is due when, oldest first. They can't be cancelled; whoever is woken looks whether it still applies
// and, if it is early, arms again. Times are steady milliseconds from the lane's clock. One thread.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "routing/record.hpp"

namespace fenliu::actors {

struct shop;
class agent;

enum class timer_kind : std::uint8_t { silence, direct_grace, reply, agent_grace, line_positions, shift, closed_horizon };

struct timer {
    routing::timestamp_ms due = 0;
    timer_kind kind = timer_kind::silence;
    struct shop* shop = nullptr;
    routing::conversation_number number = 0; ///< silence, direct_grace, reply, closed_horizon
    class agent* agent = nullptr;            ///< agent_grace
    std::uint64_t stamp = 0;                 ///< agent_grace: the loss it was armed for

    bool operator<(const timer& other) const noexcept { return due > other.due; } // the queue's top is the earliest
};

class timer_queue {
public:
    void arm(const timer& each) { queue_.push(each); }
    [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }
    /// Takes the earliest timer if it is due.
    bool take_due(routing::timestamp_ms now, timer& out) {
        if (queue_.empty() || queue_.top().due > now) return false;
        out = queue_.top();
        queue_.pop();
        return true;
    }

private:
    std::priority_queue<timer> queue_;
};

} // namespace fenliu::actors
