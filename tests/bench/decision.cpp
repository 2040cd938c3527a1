// What one decision costs, by agents, groups and keywords: `decision` in the build's bin directory prints the table.
#include <memory>
#include <string>

#include <benchmark/benchmark.h>

#include "routing/trace.hpp"
#include "storage/record_codec.hpp"

namespace {

using namespace fenliu::routing;

constexpr timestamp_ms now = 1'767'240'000'000;

std::string account(std::size_t number) { return "acme:a" + std::to_string(number); }

/// Agents spread over the groups, each group with its share of the keywords.
policy rules_of(std::size_t agents, std::size_t groups, std::size_t keywords) {
    policy rules;
    for (std::size_t g = 0; g < groups; ++g) {
        group made;
        made.id = "g" + std::to_string(g);
        for (std::size_t a = g; a < agents; a += groups)
            made.members.push_back(account(a));
        for (std::size_t k = g; k < keywords; k += groups)
            made.keywords.push_back("词" + std::to_string(k * 7'919) + "。");
        rules.groups.push_back(std::move(made));
    }
    return rules;
}

/// A new buyer is decided, traced, charged and counted as the agent's load, as an award does it; with the fourth argument 0 the
/// trace is left out.
void decide_and_charge(benchmark::State& state) {
    const auto agents = static_cast<std::size_t>(state.range(0)), groups = static_cast<std::size_t>(state.range(1)),
               keywords = static_cast<std::size_t>(state.range(2));
    const bool traced = state.range(3) != 0;
    fenliu::storage::record_batch journaled;
    const auto policy = std::make_shared<const compiled_policy>(rules_of(agents, groups, keywords));
    roster shop;
    shop.set_policy(policy);
    for (std::size_t i = 0; i < agents; ++i)
        shop.update({.account = account(i), .online = true, .cap = 1'000'000});
    route_request request;
    request.buyer = "b";
    request.text = "请问这件衣服什么时候发货？我想知道词" + std::to_string(3 * 7'919) + "。有没有其它颜色和尺码";
    for (auto _ : state) {
        ++request.number;
        const decision_inputs given{question::message, {"acme"}, now, 1};
        const auto made = answer(*policy, shop, given, request);
        if (traced) {
            journaled.clear();
            journaled.add(trace_of(*policy, shop, given, request, made, {}));
        }
        shop.charge(made.agent, true, made.group);
        auto report = *shop.find(made.agent);
        ++report.load;
        report.idle_since = now;
        shop.update(report);
        benchmark::DoNotOptimize(made.reason);
    }
    if (traced) state.counters["trace_bytes"] = static_cast<double>(journaled.bytes().size());
}
BENCHMARK(decide_and_charge)
    ->ArgNames({"agents", "groups", "keywords", "trace"})
    ->ArgsProduct({{10}, {10}, {10}, {0, 1}})
    ->ArgsProduct({{1'000}, {10}, {10}, {0, 1}})
    ->ArgsProduct({{10'000}, {10}, {10}, {0, 1}})
    ->ArgsProduct({{10'000}, {1'000}, {1'000}, {0, 1}})
    ->ArgsProduct({{1'000}, {10}, {100'000}, {0, 1}});

} // namespace
