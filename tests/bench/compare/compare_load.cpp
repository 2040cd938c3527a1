// One load on one broker, its figures as one line of JSON on stdout: what tests/bench/compare.sh puts side by side.
#include <atomic>
#include <chrono>
#include <csignal>
#include <iostream>
#include <map>
#include <optional>

#include <sys/resource.h>

#include <CLI/CLI.hpp>

#include "apps/load/broker.hpp"
#include "apps/load/due_text.hpp"
#include "apps/load/figures_json.hpp"
#include "apps/load/run.hpp"
#include "tests/bench/compare/targets.hpp"

namespace {

using namespace fenliu;

constexpr std::size_t z85_characters = 40; ///< of a CURVE key

std::atomic<bool> stopped{false};
static_assert(std::atomic<bool>::is_always_lock_free);

struct arguments {
    std::string target, url, server_key;
    load::shape shape;
    std::optional<double> rate;
    std::int64_t ramp_ms = 0, warm_up_ms = 2'000, duration_ms = 10'000;
};

using factory = std::unique_ptr<load::target> (*)(const bench::access&);
const std::map<std::string, factory> others{{"bare", bench::bare},           {"nats", bench::nats},
                                            {"jetstream", bench::jetstream}, {"redis", bench::redis},
                                            {"rabbitmq", bench::rabbitmq},   {"mosquitto", bench::mosquitto}};

std::unique_ptr<load::target> make_target(const arguments& given) {
    // Of its own for each run: what a run leaves behind is no other's.
    const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::milliseconds{1};
    const auto run = "l" + std::to_string(now % 10'000'000'000);
    if (given.target != "fenliu") return others.at(given.target)({given.url, run});
    transport::client_options client;
    client.url = given.url;
    client.server_key = given.server_key;
    client.give_up = std::chrono::seconds{10};
    return load::fenliu_broker({client, run});
}

/// Processor time of this process, from the last second told of the warm-up (without one: the first of the measured time) to the
/// last told of the measured time.
class processor_time {
public:
    void sample(const load::progress& where) {
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        const moment now{seconds(std::chrono::steady_clock::now().time_since_epoch()), seconds(used.ru_utime),
                         seconds(used.ru_stime)};
        if (where.phase == "warm-up" || (!first_ && where.phase == "measuring")) first_ = now;
        if (where.phase == "measuring") end_ = now;
    }
    [[nodiscard]] load::json to_json() const {
        const auto end = end_.value_or(moment{}), first = end_ ? first_.value_or(end) : end;
        return {{"seconds", end.at - first.at}, {"user", end.user - first.user}, {"system", end.system - first.system}};
    }

private:
    struct moment {
        double at = 0, user = 0, system = 0;
    };
    static double seconds(std::chrono::duration<double> time) { return time.count(); }
    static double seconds(const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }

    std::optional<moment> first_, end_;
};

void add_options(CLI::App& program, arguments& given) {
    auto& shape = given.shape;
    const auto many = CLI::Range(std::size_t{1}, std::size_t{1'000'000});
    std::vector<std::string> names{"fenliu"};
    for (const auto& [name, unused] : others)
        names.push_back(name);
    program.add_option("TARGET", given.target, "What to load")->required()->check(CLI::IsMember(names));
    program
        .add_option("URL", given.url,
                    "Where it is: tcp://HOST:PORT of fenliu; PORT_IN:PORT_OUT of bare, on this machine; "
                    "[USER:PASSWORD@]HOST:PORT of the others")
        ->required();
    const auto number = [&](const char* name, std::size_t& value, const char* what) {
        program.add_option(name, value, what)->capture_default_str()->check(many);
    };
    number("--publishers", shape.publishers, "Connections that publish");
    number("--consumers", shape.consumers, "Connections that consume");
    number("--channels", shape.channels, "Channels: conversations, subjects, streams' fields, queues' messages or topics");
    number("--shops", shape.shops, "Shops (fenliu)");
    program.add_flag("--new-buyers", shape.new_buyers,
                     "Each message is the first of another buyer, who has to be assigned (fenliu)");
    number("--window", shape.window, "Unacknowledged messages of one connection in a closed loop");
    number("--threads", shape.threads, "Threads that publish, and as many that consume");
    number("--frame", shape.frame_messages, "Messages in one frame at most (fenliu, bare)");
    program.add_option("--size", shape.text_bytes, "Bytes of a text")
        ->capture_default_str()
        ->check(CLI::Range(load::due_digits, std::size_t{1} << 20));
    program.add_option("--rate", given.rate, "Messages a second in all; without it as many as the broker acknowledges")
        ->check(CLI::Range(0.001, 1e7));
    const auto time = [&](const char* name, std::int64_t& value, const char* what) {
        program.add_option(name, value, what)
            ->capture_default_str()
            ->check(CLI::Range(std::int64_t{0}, std::int64_t{86'400'000}));
    };
    time("--ramp", given.ramp_ms, "Milliseconds from nothing to the rate");
    time("--warm-up", given.warm_up_ms, "Milliseconds that are not measured");
    time("--duration", given.duration_ms, "Milliseconds that are measured");
    program.add_option("--server-key", given.server_key, "CURVE public key of the broker, Z85 (fenliu): speak encrypted")
        ->check([](const std::string& key) { return key.size() == z85_characters ? "" : "a key has 40 characters"; });
}

int run(arguments& given) {
    given.shape.rate = given.rate;
    given.shape.ramp = std::chrono::milliseconds{given.ramp_ms};
    given.shape.warm_up = std::chrono::milliseconds{given.warm_up_ms};
    given.shape.duration = std::chrono::milliseconds{given.duration_ms};
    for (const int each : {SIGINT, SIGTERM})
        std::signal(each, [](int) { stopped = true; });
    const auto target = make_target(given);
    processor_time used;
    const auto found = load::run_load(
        *target, given.shape, [&](const load::progress& where) { used.sample(where); }, [] { return stopped.load(); });
    std::cout << load::json{{"target", given.target},
                            {"shape", load::to_json(given.shape)},
                            {"figures", load::to_json(found)},
                            {"cpu", used.to_json()}}
              << std::endl;
    return std::cout ? 0 : 1;
}

} // namespace

int main(int count, char** words) {
    arguments given;
    CLI::App program{"Loads one broker and prints what was measured as one line of JSON", "compare_load"};
    add_options(program, given);
    try {
        program.parse(count, words);
        return run(given);
    } catch (const CLI::Success& asked) { // --help
        return program.exit(asked);
    } catch (const CLI::ParseError& wrong) {
        std::cerr << "compare_load: " << wrong.what() << " (see --help)\n";
        return 2;
    } catch (const std::invalid_argument& wrong) {
        std::cerr << "compare_load: " << wrong.what() << "\n";
        return 2;
    } catch (const std::exception& ended) {
        std::cerr << "compare_load: " << ended.what() << "\n";
        return 1;
    }
}
