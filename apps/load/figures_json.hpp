// A load's figures as a program reads them; times in milliseconds.
#pragma once

#include <nlohmann/json.hpp>

#include "apps/load/figures.hpp"
#include "apps/load/shape.hpp"

namespace fenliu::load {

/// Keeps fields in the order in which they were written.
using json = nlohmann::ordered_json;

/// `{"p50", "p90", "p99", "p999", "max", "mean", "curve": [[share, ms], …]}`; the curve goes on halving what is left of 1, as far
/// as there are latencies.
[[nodiscard]] json to_json(const histogram& latencies);
[[nodiscard]] json to_json(const figures& found);
[[nodiscard]] json to_json(const shape& wanted);

[[nodiscard]] inline double milliseconds_of(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

} // namespace fenliu::load
