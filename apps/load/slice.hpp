// What one thread of a load has seen since it last handed it over.
#pragma once

#include <cstdint>
#include <mutex>
#include <utility>

#include "apps/load/histogram.hpp"

namespace fenliu::load {

struct slice {
    std::uint64_t published = 0, acked = 0, refused = 0, delivered = 0;
    histogram ack, delivery;

    void add(const slice& other) noexcept {
        published += other.published;
        acked += other.acked;
        refused += other.refused;
        delivered += other.delivered;
        ack.merge(other.ack);
        delivery.merge(other.delivery);
    }
};

/// Where threads hand over. Any thread.
class slices {
public:
    void put(slice& from) {
        const std::scoped_lock lock(mutex_);
        sum_.add(from);
        from = {};
    }
    [[nodiscard]] slice take() {
        const std::scoped_lock lock(mutex_);
        return std::exchange(sum_, {});
    }

private:
    std::mutex mutex_;
    slice sum_;
};

} // namespace fenliu::load
