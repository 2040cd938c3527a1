// Loads a broker with messages and tells how fast it took them: an open loop at a rate, or a closed one as fast as it goes.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "apps/fenliu/bench_assertion.hpp"
#include "apps/fenliu/bench_page.hpp"
#include "apps/fenliu/commands.hpp"
#include "apps/fenliu/connection.hpp"
#include "apps/fenliu/fresh_id.hpp"
#include "apps/fenliu/interrupt.hpp"
#include "apps/fenliu/output.hpp"
#include "apps/fenliu/table.hpp"
#include "apps/load/broker.hpp"
#include "apps/load/figures_json.hpp"
#include "apps/load/run.hpp"

namespace fenliu::apps::fenliu {

namespace {

struct bench_arguments {
    load::shape shape{.publishers = 4, .consumers = 8, .channels = 64, .shops = 8};
    double rate = 0, duration_s = 10, warm_up_s = 2, ramp_s = 0;
    bool closed = false, curve = false;
    std::vector<std::string> assertions, out;
};

std::string check_assertion(const std::string& text) {
    const auto parsed = bench_assertion::parse(text);
    const auto* wrong = std::get_if<std::string>(&parsed);
    return wrong != nullptr ? *wrong : std::string();
}

std::string check_out(const std::string& path) {
    return path.ends_with(".json") || path.ends_with(".html") ? std::string() : "'" + path + "' ends in neither .json nor .html";
}

std::chrono::milliseconds milliseconds_of_seconds(double seconds) {
    return std::chrono::round<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

load::shape shape_of(const bench_arguments& given) {
    load::shape wanted = given.shape;
    if (!given.closed) wanted.rate = given.rate > 0 ? given.rate : 1'000;
    wanted.duration = milliseconds_of_seconds(given.duration_s);
    wanted.warm_up = milliseconds_of_seconds(given.warm_up_s);
    wanted.ramp = milliseconds_of_seconds(given.ramp_s);
    return wanted;
}

void show(const load::progress& now) {
    const auto a_second = [&](std::uint64_t count) { return decimal(static_cast<double>(count) / now.since_last, 0); };
    std::fprintf(stderr, "%-10.*s %5.1f s  stored %8s/s  delivered %8s/s\n", static_cast<int>(now.phase.size()), now.phase.data(),
                 now.seconds, a_second(now.acked).c_str(), a_second(now.delivered).c_str());
}

std::string render(const load::shape& wanted, const load::figures& found) {
    table counts({{""}, {"a second", alignment::right}, {"in " + decimal(found.seconds, 1) + " s", alignment::right}});
    counts.add({"stored", decimal(found.acked_per_s(), 0), std::to_string(found.acked)});
    counts.add({"delivered", decimal(found.delivered_per_s(), 0), std::to_string(found.delivered)});
    counts.add({"refused", "", std::to_string(found.refused)});
    counts.add({"missing", "", std::to_string(found.missing)});
    if (wanted.rate) counts.add({"not sent in time", "", std::to_string(found.behind)});
    const auto right = alignment::right;
    table times({{"ms"}, {"p50", right}, {"p90", right}, {"p99", right}, {"p99.9", right}, {"max", right}});
    const auto row = [&](const char* name, const load::histogram& of) {
        std::vector<std::string> cells = {name};
        for (const double share : {0.5, 0.9, 0.99, 0.999, 1.0})
            cells.push_back(decimal(load::milliseconds_of(of.quantile(share)), 2));
        times.add(std::move(cells));
    };
    row("until stored", found.ack);
    row("until delivered", found.delivery);
    return counts.render() + "\n" + times.render();
}

std::optional<problem> write_out(const std::string& path, const std::string& url, const load::shape& wanted,
                                 const load::figures& found) {
    std::ofstream out(path);
    if (path.ends_with(".json"))
        out << load::json{{"shape", load::to_json(wanted)}, {"figures", load::to_json(found)}}.dump(2) << '\n';
    else
        out << render_page(wanted, found, url);
    out.close();
    if (out) return {};
    return problem{exit_status::failed, "cannot write the report to '" + path + "': " + std::strerror(errno)};
}

std::optional<problem> judge(const bench_arguments& given, const load::figures& found) {
    std::string broken;
    for (const auto& text : given.assertions)
        if (const auto what = std::get<bench_assertion>(bench_assertion::parse(text)).broken_by(found))
            broken += (broken.empty() ? "" : "; ") + *what;
    if (broken.empty()) return {};
    return problem{exit_status::failed, broken};
}

exit_status run_bench(const common_options& said, const bench_arguments& given) {
    if (given.curve && said.server_key_file.empty())
        return complain({exit_status::usage, "--curve needs the broker's public key: name its file with --server-key"});
    connection first{said, client_options_for(said, protocol::role::frontend), {}}; // tells apart why there is none
    if (const auto bad = first.open()) return complain(*bad);
    const auto& options = first.options();
    const auto wanted = shape_of(given);
    auto client = client_options_for(options, protocol::role::frontend);
    client.give_up = options.timeout;
    const auto broker = load::fenliu_broker({client, fresh_id().substr(0, 8)});
    catch_interrupts();
    std::function<void(const load::progress&)> tell;
    if (!options.quiet) tell = show;
    load::figures found;
    try {
        found = load::run_load(*broker, wanted, tell, [] { return interrupted(); });
    } catch (const std::runtime_error& ended) {
        return complain({exit_status::failed, ended.what()});
    }
    for (const auto& path : given.out)
        if (const auto bad = write_out(path, options.url, wanted, found)) return complain(*bad);
    if (options.json)
        print_json({{"shape", load::to_json(wanted)}, {"figures", load::to_json(found)}});
    else
        print((options.quiet ? "" : "\n") + render(wanted, found));
    if (const auto bad = judge(given, found)) return complain(*bad);
    return exit_status::ok;
}

} // namespace

void add_bench(CLI::App& program, command_line& line) {
    auto* command = program.add_subcommand("bench", "Load the broker and measure how fast it takes and delivers messages");
    const auto given = std::make_shared<bench_arguments>();
    auto& shape = given->shape;
    const auto many = whole_between(1, 1'000'000);
    auto* rate = command->add_option("--rate", given->rate, "Messages a second in all, each timed from when it was due [1000]")
                     ->check(number_between(0.001, 1e7));
    command->add_flag("--closed", given->closed, "As fast as the broker answers, instead of a rate")->excludes(rate);
    command->add_option("--window", shape.window, "Unanswered messages of one frontend with --closed")
        ->capture_default_str()
        ->check(many);
    command->add_option("--frontends", shape.publishers, "Connections that publish")->capture_default_str()->check(many);
    command->add_option("--shops", shape.shops, "Shops")->capture_default_str()->check(many);
    command->add_option("--agents", shape.consumers, "Agents of all shops, each a connection")
        ->capture_default_str()
        ->check(many);
    command->add_option("--buyers", shape.channels, "Buyers of all shops, each with an open conversation")
        ->capture_default_str()
        ->check(many);
    command->add_flag("--new-buyers", shape.new_buyers, "Each message is the first of another buyer, who has to be assigned");
    command->add_option("--size", shape.text_bytes, "Bytes of a text")
        ->capture_default_str()
        ->check(whole_between(16, limits::string_bytes));
    command->add_option("--frame", shape.frame_messages, "Messages in one frame of a frontend, at most")
        ->capture_default_str()
        ->check(whole_between(1, limits::frame_messages));
    command->add_option("--threads", shape.threads, "Threads that publish, and as many that read")
        ->capture_default_str()
        ->check(whole_between(1, 256));
    const auto time = number_between(0.0, 86'400.0);
    command->add_option("--duration", given->duration_s, "Seconds that are measured")
        ->capture_default_str()
        ->check(number_between(0.1, 86'400.0));
    command->add_option("--warm-up", given->warm_up_s, "Seconds before that")->capture_default_str()->check(time);
    command->add_option("--ramp", given->ramp_s, "Seconds before those, in which the rate rises from nothing")
        ->capture_default_str()
        ->check(time);
    command->add_flag("--curve", given->curve, "Insist on encryption, which --server-key switches on");
    command->add_option("--assert", given->assertions, "What has to hold, e.g. 'p99<20ms', 'stored>10000'; may be repeated")
        ->expected(1)
        ->take_all()
        ->check(check_assertion);
    command->add_option("--out", given->out, "Also write a report, .json or .html; may be repeated")
        ->expected(1)
        ->take_all()
        ->check(check_out);
    command->callback([&line, given] { line.run = [&line, given] { return run_bench(line.common, *given); }; });
}

} // namespace fenliu::apps::fenliu
