// Runs one load: connects, opens every channel with one message, warms up, measures and drains. Starts its threads and waits for
// them.
#pragma once

#include <functional>
#include <string_view>

#include "apps/load/figures.hpp"
#include "apps/load/target.hpp"

namespace fenliu::load {

/// Where a load is, told from the calling thread once a second.
struct progress {
    std::string_view phase;                 ///< `connecting`, `opening`, `warm-up`, `measuring` or `draining`
    double seconds = 0;                     ///< since that began
    std::uint64_t acked = 0, delivered = 0; ///< since the last one told
    double since_last = 0;                  ///< seconds
};

/// Throws std::runtime_error for what ends a load: a target's fault, a shape that contradicts itself, connecting or opening that
/// makes no progress for `patience`. Once `stop` says so it ends early, with what was measured.
[[nodiscard]] figures run_load(target& broker, const shape& wanted, const std::function<void(const progress&)>& tell,
                               const std::function<bool()>& stop, std::chrono::seconds patience = std::chrono::seconds{30});

} // namespace fenliu::load
