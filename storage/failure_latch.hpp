// The first storage error of a store: reported once, after which nothing counts as durable any more. Any thread.
#pragma once

#include <atomic>
#include <utility>

#include "storage/store.hpp"

namespace fenliu::storage {

class failure_latch {
public:
    /// Before any thread that may report.
    void set_callback(failed_callback failed) { failed_ = std::move(failed); }
    void report(const protocol::failure& failure) {
        if (!tripped_.exchange(true) && failed_) failed_(failure);
    }
    [[nodiscard]] bool tripped() const noexcept { return tripped_.load(); }

private:
    std::atomic<bool> tripped_{false};
    failed_callback failed_;
};

} // namespace fenliu::storage
