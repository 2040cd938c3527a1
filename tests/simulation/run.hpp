// Runs seeds and tells what came of them: the program and the tests share it. Pure of output: what is printed, the caller prints.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "situations.hpp"
#include "verdict.hpp"

namespace fenliu::simulation {

inline constexpr std::size_t usual_events = 1'500;

struct run_result {
    std::uint64_t seed = 0, hash = 0, events = 0, records = 0;
    situation_counts reached;
    std::optional<violation> broken;
};

[[nodiscard]] run_result run_seed(std::uint64_t seed, std::size_t events = usual_events,
                                  std::function<void(const std::string&)> trace = {});

/// The invariant, what was seen, the last events before it, and the command that shows it again. Runs the seed once more.
[[nodiscard]] std::string report(const run_result& failed, std::size_t events = usual_events);

} // namespace fenliu::simulation
