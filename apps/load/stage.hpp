// What the threads of one load share: the phase they are in and what they count.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>

#include "apps/load/slice.hpp"

namespace fenliu::load {

using steady = std::chrono::steady_clock;

/// Threads hand over what they counted this often.
constexpr std::chrono::milliseconds hand_over_every{50};

enum class phase : std::uint8_t { connecting, opening, running, measuring, draining, over };

/// All of it from any thread.
class stage {
public:
    explicit stage(std::size_t threads)
        : connecting(threads)
        , opening(threads) {}

    std::atomic<phase> now{phase::connecting};
    std::atomic<std::size_t> connecting, opening; ///< threads that are not yet done with it
    std::atomic<steady::time_point> begin{};      ///< of running; set before
    slices unmeasured, measured;                  ///< what happened outside and inside the measured time

    /// The load ends, and whoever waits for it gets the exception.
    void fail(std::exception_ptr why) {
        const std::scoped_lock lock(mutex_);
        if (!why_) why_ = std::move(why);
        now = phase::over;
    }
    void rethrow() {
        const std::scoped_lock lock(mutex_);
        if (why_) std::rethrow_exception(why_);
    }

private:
    std::mutex mutex_;
    std::exception_ptr why_;
};

/// One thread's counts, handed over now and then to the side that the phase asks for. One thread.
class counter {
public:
    explicit counter(stage& shared)
        : shared_(shared) {}
    ~counter() { hand_over(); }
    counter(const counter&) = delete;
    counter& operator=(const counter&) = delete;

    /// Where to count what happens now.
    [[nodiscard]] slice& here() {
        if (const bool measuring = shared_.now.load(std::memory_order_relaxed) == phase::measuring; measuring != measuring_) {
            hand_over();
            measuring_ = measuring;
        }
        return counts_;
    }
    /// Between two polls.
    void now_and_then(steady::time_point now) {
        if (now < next_) return;
        hand_over();
        next_ = now + hand_over_every;
    }

private:
    void hand_over() { (measuring_ ? shared_.measured : shared_.unmeasured).put(counts_); }

    stage& shared_;
    slice counts_;
    bool measuring_ = false;
    steady::time_point next_{};
};

} // namespace fenliu::load
