// How long segments stay after the archive has them: explaining a decision in full reads the log. By time and by number, because
// every segment takes its whole size on the disk. Owned by the archivist; its thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <utility>

namespace fenliu::storage {

class log_retention {
public:
    using instant = std::chrono::steady_clock::time_point;

    /// Keeps what was archived less than `time` ago, and of that at most `segments` besides the one being written.
    log_retention(std::chrono::milliseconds time, std::size_t segments)
        : time_{time}
        , segments_{segments} {}

    /// The archive stands for the log up to `position` now.
    void archived(std::uint64_t position, instant now) {
        if (steps_.empty() || now - steps_.back().second >= time_ / steps_of_time) steps_.emplace_back(position, now);
        while (!steps_.empty() && now - steps_.front().second >= time_) {
            over_ = steps_.front().first;
            steps_.pop_front();
        }
    }
    /// Everything below may go by its time.
    [[nodiscard]] std::uint64_t over() const noexcept { return over_; }
    [[nodiscard]] std::size_t segments() const noexcept { return segments_; }

private:
    static constexpr int steps_of_time = 100; // as exact as anybody needs, and bounded

    std::chrono::milliseconds time_;
    std::size_t segments_;
    std::deque<std::pair<std::uint64_t, instant>> steps_;
    std::uint64_t over_ = 0;
};

} // namespace fenliu::storage
