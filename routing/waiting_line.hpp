// The buyers of a shop that wait for an agent (domain.md, "Queue"): highest class first, then oldest, never the newest arrival.
// Holds numbers only; the conversations belong to their sessions. Pure; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "routing/record.hpp"

namespace fenliu::routing {

struct waiting_buyer {
    conversation_number number = 0;
    std::uint8_t wait_class = 0;
    timestamp_ms since = 0;
    std::string preferred; ///< the recent contact that was full: its next free slot is this buyer's (step 5); empty: none

    /// Place in the line.
    bool operator<(const waiting_buyer& other) const noexcept {
        if (wait_class != other.wait_class) return wait_class > other.wait_class;
        if (since != other.since) return since < other.since;
        return number < other.number;
    }
};

/// How a long wait makes up for a low class, so that nobody starves: each `step_ms` raises by one class, at most `classes`.
struct ageing {
    timestamp_ms step_ms = 0; ///< 0: never
    std::uint32_t classes = 0;
};

class waiting_line {
public:
    /// Joins at the place that class and age give. A number that waits already keeps its place.
    void join(waiting_buyer buyer);
    /// False if it doesn't wait.
    bool leave(conversation_number number);
    [[nodiscard]] bool contains(conversation_number number) const { return places_.contains(number); }
    [[nodiscard]] std::size_t size() const noexcept { return line_.size(); }
    [[nodiscard]] const waiting_buyer* head() const { return line_.empty() ? nullptr : &*line_.begin(); }
    /// Whose turn it is for a slot of this agent: of the class that is first, ageing considered, the first that prefers the
    /// agent, else the oldest.
    [[nodiscard]] const waiting_buyer* next_for(std::string_view account, timestamp_ms now = 0, ageing by = {}) const;
    /// 1 = next; 0 = doesn't wait. O(length).
    [[nodiscard]] std::uint32_t position(conversation_number number) const;
    [[nodiscard]] const std::set<waiting_buyer>& in_order() const noexcept { return line_; }

    /// Tells the line that a slot went to it, for the estimate.
    void slot_given(timestamp_ms now);
    /// Estimated seconds until that position is served: position × the usual time between slots (a moving mean, 60 s until
    /// known).
    [[nodiscard]] std::uint32_t estimate_s(std::uint32_t position) const noexcept;

private:
    /// The head of the class that is served next.
    [[nodiscard]] const waiting_buyer* first_after_ageing(timestamp_ms now, ageing by) const;

    std::set<waiting_buyer> line_;
    std::unordered_map<conversation_number, std::set<waiting_buyer>::iterator> places_;
    std::size_t preferring_ = 0;
    double slot_interval_ms_ = 60'000;
    timestamp_ms last_slot_ = 0;
};

} // namespace fenliu::routing
