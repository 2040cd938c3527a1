// How many messages are between the publishing and the consuming threads of a load, for a target without acks: publishing pauses
// while there are too many. In a closed loop as many as all windows hold, so that it is no less closed than with acks; never more
// than a broker that cuts off slow readers bears. Any thread.
#pragma once

#include <atomic>
#include <cstddef>

#include "apps/load/shape.hpp"

namespace fenliu::bench {

class undelivered {
public:
    undelivered();
    ~undelivered();
    undelivered(const undelivered&) = delete;
    undelivered& operator=(const undelivered&) = delete;

    /// Before any thread begins.
    void limit(const load::shape& wanted) noexcept;

    /// So many messages more, all or none; false: not now.
    [[nodiscard]] bool take(std::size_t messages = 1) noexcept {
        if (count_.fetch_add(messages) < at_most_) return true;
        count_.fetch_sub(messages);
        return false;
    }
    /// `fd` is written to when there is room again after this. Then try once more before waiting.
    void want() noexcept { wanted_ = true; }
    void give_back(std::size_t messages) noexcept;

    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    std::size_t at_most_ = 0;
    std::atomic<std::size_t> count_{0};
    std::atomic<bool> wanted_{false};
    int fd_;
};

} // namespace fenliu::bench
