// A timing wheel that remembers when to look at each session again. An entry is a link; what is due is for the session to say,
// so a deadline that moves away costs nothing until it is looked at. Owned by the switchboard; ROUTER thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "transport/instant.hpp"
#include "transport/link.hpp"

namespace fenliu::transport {

class deadline_wheel {
public:
    /// `step`: how late a deadline may be noticed.
    deadline_wheel(std::chrono::milliseconds step, instant now);

    /// Looks at the link at `when`, or at the wheel's horizon of 64 steps if that is earlier.
    void add(link_id link, instant when);
    /// The next moment at which an entry is due; nothing without entries.
    [[nodiscard]] std::optional<instant> next() const noexcept;
    /// Takes out each entry that is due and calls `look(link)`, which says when to look again, or nothing to forget the link.
    template <class Look>
    void run(instant now, Look look) {
        const std::uint64_t until = step_of(now);
        // After a pause longer than the horizon once around finds everything.
        if (until > current_ + slots) current_ = until - slots;
        while (current_ < until) {
            ++current_;
            due_.swap(slots_[current_ % slots]);
            count_ -= due_.size();
            for (const link_id link : due_)
                if (const std::optional<instant> again = look(link)) add(link, *again);
            due_.clear();
        }
    }

private:
    static constexpr std::size_t slots = 64;
    [[nodiscard]] std::uint64_t step_of(instant when) const noexcept;

    std::array<std::vector<link_id>, slots> slots_;
    std::vector<link_id> due_;
    std::size_t count_ = 0;
    std::chrono::milliseconds step_;
    instant start_;
    std::uint64_t current_ = 0; // steps since start_ that were run
};

} // namespace fenliu::transport
