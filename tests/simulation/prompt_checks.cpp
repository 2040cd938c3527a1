#include "prompt_checks.hpp"

#include <algorithm>

namespace fenliu::simulation {
namespace {

constexpr timestamp_ms eight_hours_ms = 8 * 3'600'000;

} // namespace

void prompt_checks::before(const routing::prompt_sent& fact) {
    auto& all = last_[{std::string{fact.shop}, std::string{fact.buyer}}];
    if (!all.empty()) {
        const auto& last = all.back();
        const bool in_this_process = last.steady >= on_.started_steady;
        const auto before_start = std::max<timestamp_ms>(in_this_process ? 0 : on_.started_wall - last.wall, 0);
        const auto since = on_.time.steady() - std::max(last.steady, on_.started_steady) + before_start;
        on_.judged.check(since >= eight_hours_ms, 17, [&] {
            return std::string{fact.buyer} + " is shown another prompt " + std::to_string(since) + " ms after the last";
        });
    }
    all.push_back({on_.known.records(), on_.time.steady(), fact.at});
}

void prompt_checks::crashed() {
    for (auto& [buyer, all] : last_)
        std::erase_if(all, [this](const shown& each) { return !on_.on_disk(each.at); });
}

} // namespace fenliu::simulation
