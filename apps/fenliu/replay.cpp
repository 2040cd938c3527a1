// Plays recorded conversations through a broker and verifies from the outside that nothing is lost, doubled or disordered.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/interrupt.hpp"
#include "apps/fenliu/output.hpp"
#include "apps/fenliu/replay_driver.hpp"
#include "apps/fenliu/replay_file.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct replay_arguments {
    std::string file, shop = "demo", speed = "max", report;
    bool shops_from_file = false;
    double stall_s = 60;
    std::uint32_t cap = 0;
    driver_options driver;
};

/// `max`, or a factor above 0.
std::string check_speed(const std::string& text) {
    if (text == "max") return {};
    double factor = 0;
    if (CLI::detail::lexical_cast(text, factor) && factor > 0) return {};
    return "'" + text + "' is no speed; say max or a factor such as 60";
}

/// One line each: `FILE:LINE: what`.
void name_bad_lines(const std::string& file, const std::vector<bad_line>& bad) {
    for (const auto& each : bad)
        std::fprintf(stderr, "%s:%zu: %s\n", file.c_str(), each.number, each.what.c_str());
}

std::optional<problem> write_report(const std::string& path, const replay_report& report) {
    std::ofstream out(path);
    out << to_json(report).dump(2) << '\n';
    out.close();
    if (out) return {};
    return problem{exit_status::failed, "cannot write the report to '" + path + "': " + std::strerror(errno)};
}

exit_status end(const common_options& options, const replay_arguments& given, const replay_report& report,
                const std::optional<problem>& ended) {
    for (const auto& finding : report.findings)
        std::fprintf(stderr, "  %s\n", finding.c_str());
    if (!given.report.empty())
        if (const auto bad = write_report(given.report, report)) return complain(*bad);
    if (options.json)
        print_json(to_json(report));
    else
        print((options.quiet ? "" : "\n") + render(report));
    if (ended) return complain(*ended);
    return report.good() ? exit_status::ok : exit_status::failed;
}

exit_status run_replay(common_options options, replay_arguments given) {
    if (const auto bad = protocol::check_shop(given.shop)) return complain({exit_status::usage, bad->text});
    std::ifstream input(given.file);
    if (!input) return complain({exit_status::usage, "cannot read '" + given.file + "': " + std::strerror(errno)});
    const auto file = read_replay_file(input);
    const auto plan = make_replay_plan(file, given.shops_from_file ? std::nullopt : std::optional(given.shop));
    name_bad_lines(given.file, file.bad);
    name_bad_lines(given.file, plan.unplayed);
    if (plan.conversations.empty())
        return complain({exit_status::failed, "'" + given.file + "' holds no conversation that can be played"});

    if (given.cap > 0) given.driver.cap = given.cap;
    if (given.speed != "max") given.driver.speed = std::stod(given.speed);
    given.driver.stall = std::chrono::milliseconds(static_cast<std::int64_t>(given.stall_s * 1'000));
    if (const auto bad = read_credentials(options)) return complain(*bad);
    catch_interrupts();
    replay_ledger ledger(plan);
    replay_progress progress(progress_style_for(options));
    replay_driver driver(plan, given.driver, options, ledger, progress);
    const auto ended = driver.run();
    if (ended && ended->status != exit_status::failed) return complain(*ended); // nothing was played
    auto report = ledger.finish(!ended);
    report.seconds = driver.seconds();
    report.bad_lines = file.bad.size() + plan.unplayed.size();
    return end(options, given, report, ended);
}

} // namespace

void add_replay(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("replay", "Play recorded conversations and verify what the broker does with them");
    const auto given = std::make_shared<replay_arguments>();
    auto& driver = given->driver;
    command->add_option("file", given->file, "NDJSON lines {conversation, shop, ts, role, from, text}")->required();
    command->add_option("--agents", driver.agents, "Agents of each shop")->capture_default_str()->check(whole_between(1, 1'000));
    command->add_option("--cap", given->cap, "Conversations an agent takes at once [the broker's]")
        ->check(whole_between(1, 1'000'000));
    command->add_option("--speed", given->speed, "max, or recorded time divided by this")
        ->capture_default_str()
        ->check(check_speed);
    auto* shops = command->add_flag("--shops-from-file", given->shops_from_file, "Play each conversation in the shop it names");
    command->add_option("--shop", given->shop, "Play everything in this shop")->capture_default_str()->excludes(shops);
    command->add_option("--at-once", driver.at_once, "Conversations open at the same time, at most")
        ->capture_default_str()
        ->check(whole_between(1, 1'000'000));
    command->add_option("--frontends", driver.frontends, "Connections that publish")
        ->capture_default_str()
        ->check(whole_between(1, 1'000));
    command->add_option("--stall", given->stall_s, "Give up after so many seconds without progress")
        ->capture_default_str()
        ->check(number_between(0.1, 86'400.0));
    command->add_option("--report", given->report, "Also write the report as JSON to this file");
    command->callback([&line, given] { line.run = [&line, given] { return run_replay(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
