#include "run.hpp"

#include <deque>

#include "world.hpp"

namespace fenliu::simulation {
namespace {

constexpr std::size_t told_events = 40;

} // namespace

run_result run_seed(std::uint64_t seed, std::size_t events, std::function<void(const std::string&)> trace) {
    world made{seed, std::move(trace)};
    made.run(events);
    return {seed, made.hash(), made.events(), made.records(), made.reached(), made.broken()};
}

std::string report(const run_result& failed, std::size_t events) {
    std::deque<std::string> last;
    static_cast<void>(run_seed(failed.seed, events, [&](const std::string& text) {
        last.push_back(text);
        if (last.size() > told_events) last.pop_front();
    }));
    std::string text = "seed " + std::to_string(failed.seed) + " breaks invariant " + std::to_string(failed.broken->invariant) +
                       ", " + describe_invariant(failed.broken->invariant) + ":\n  " + failed.broken->text +
                       "\nthe last events:\n";
    for (const auto& each : last)
        text += "  " + each + "\n";
    return text + "again: simulate --seed " + std::to_string(failed.seed) + " --events " + std::to_string(events) + " --trace\n";
}

} // namespace fenliu::simulation
