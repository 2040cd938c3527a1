// The long form: runs many seeds, or one of them event by event.
#include <chrono>
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "run.hpp"

namespace {

using namespace fenliu::simulation;

struct arguments {
    std::string seeds = "1-500";
    std::uint64_t seed = 0;
    std::size_t events = usual_events;
    bool trace = false, keep_going = false, bug_report = false;
};

void print_table(const situation_counts& reached) {
    for (std::size_t each = 0; each < static_cast<std::size_t>(situation::count); ++each) {
        const auto value = static_cast<situation>(each);
        const auto text = std::string{name(value)};
        std::printf("  %-42s %10llu\n", text.c_str(), static_cast<unsigned long long>(reached.of(value)));
    }
}

int run_one(const arguments& given) {
    const auto done = run_seed(given.seed, given.events, [&](const std::string& text) {
        if (given.trace) std::puts(text.c_str());
    });
    std::printf("seed %llu: %llu events, %llu records, hash %016llx\n", static_cast<unsigned long long>(done.seed),
                static_cast<unsigned long long>(done.events), static_cast<unsigned long long>(done.records),
                static_cast<unsigned long long>(done.hash));
    if (!done.broken) return 0;
    std::printf("invariant %d, %s:\n  %s\n", done.broken->invariant, describe_invariant(done.broken->invariant),
                done.broken->text.c_str());
    return 1;
}

/// In one line, for the script that seeds bugs.
void print_bug_report(const run_result& failed, std::uint64_t runs) {
    std::printf("CAUGHT invariant=%d seed=%llu runs=%llu %s\n", failed.broken->invariant,
                static_cast<unsigned long long>(failed.seed), static_cast<unsigned long long>(runs), failed.broken->text.c_str());
}

int run_all(const arguments& given, std::uint64_t first, std::uint64_t last) {
    situation_counts reached;
    std::uint64_t events = 0, records = 0, failures = 0, runs = 0;
    const auto begin = std::chrono::steady_clock::now();
    for (auto seed = first; seed <= last; ++seed) {
        const auto done = run_seed(seed, given.events);
        ++runs;
        events += done.events;
        records += done.records;
        reached.add(done.reached);
        if (!done.broken) continue;
        ++failures;
        if (given.bug_report)
            print_bug_report(done, runs);
        else
            std::fputs(report(done, given.events).c_str(), stdout);
        if (!given.keep_going) break;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("%llu seeds, %llu events, %llu records, %llu crashes, %.1f s, %llu failed\n",
                static_cast<unsigned long long>(runs), static_cast<unsigned long long>(events),
                static_cast<unsigned long long>(records), static_cast<unsigned long long>(reached.of(situation::crash)),
                took.count(), static_cast<unsigned long long>(failures));
    if (!given.bug_report) print_table(reached);
    return failures == 0 ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
    arguments given;
    CLI::App app{"Runs the broker in a simulated world and checks after each event what must hold"};
    app.add_option("--seeds", given.seeds, "the seeds to run, FROM-TO");
    app.add_option("--seed", given.seed, "only this one");
    app.add_option("--events", given.events, "events with faults in each run");
    app.add_flag("--trace", given.trace, "print each event of --seed");
    app.add_flag("--keep-going", given.keep_going, "don't stop at the first failure");
    app.add_flag("--bug-report", given.bug_report, "say in one line what failed");
    CLI11_PARSE(app, count, words);
    if (given.seed != 0) return run_one(given);
    const auto dash = given.seeds.find('-');
    const auto first = std::stoull(given.seeds);
    return run_all(given, first, dash == std::string::npos ? first : std::stoull(given.seeds.substr(dash + 1)));
}
