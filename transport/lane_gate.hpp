// How much a lane has in hand: every batch carries a receipt, and once the lane is done with the batch its events count no more.
// When the edge holds something back for want of room, that wakes the ROUTER thread. Any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace fenliu::transport {

class lane_gate {
public:
    /// `wake` may be called on any thread, also while the gate is being let go.
    explicit lane_gate(std::function<void()> wake)
        : wake_(std::move(wake)) {}

    [[nodiscard]] std::size_t in_hand() const noexcept { return in_hand_; }
    void entered(std::size_t events) noexcept { in_hand_ += events; }
    /// Something waits for room. The caller looks at `in_hand` once more after this, since room may have come meanwhile.
    void hold() noexcept { waits_ = true; }

private:
    friend class lane_receipt;
    void left(std::size_t events) {
        in_hand_ -= events;
        if (waits_.exchange(false)) wake_();
    }

    std::function<void()> wake_;
    std::atomic<std::size_t> in_hand_{0};
    std::atomic<bool> waits_{false};
};

/// Says that a lane is done with so many events when it goes.
class lane_receipt {
public:
    lane_receipt() = default;
    lane_receipt(std::shared_ptr<lane_gate> gate, std::size_t events) noexcept
        : gate_(std::move(gate))
        , events_(events) {}
    lane_receipt(lane_receipt&& other) noexcept = default;
    lane_receipt& operator=(lane_receipt&& other) noexcept {
        std::swap(gate_, other.gate_);
        std::swap(events_, other.events_);
        return *this;
    }
    ~lane_receipt() {
        if (gate_) gate_->left(events_);
    }

private:
    std::shared_ptr<lane_gate> gate_;
    std::size_t events_ = 0;
};

} // namespace fenliu::transport
