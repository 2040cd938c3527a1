// fenliud: wires configuration, store and broker together, then waits for signals.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "actors/broker.hpp"
#include "apps/fenliud/command_line.hpp"
#include "apps/fenliud/data_directory.hpp"
#include "apps/fenliud/default_configuration.hpp"
#include "apps/fenliud/logging.hpp"
#include "apps/fenliud/policy_texts.hpp"
#include "apps/fenliud/process_events.hpp"
#include "apps/fenliud/ready_line.hpp"
#include "protocol/this_thread.hpp"
#include "storage/open.hpp"
#include "transport/curve.hpp"

namespace fenliu::apps::fenliud {

namespace {

constexpr std::string_view version = FENLIU_VERSION;

routing::timestamp_ms wall_now() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

int fail(const protocol::failure& why) {
    std::cerr << "fenliud: " << why.text << std::endl;
    return EXIT_FAILURE;
}

std::variant<std::unique_ptr<storage::store>, protocol::failure> open_store(const store_settings& settings) {
    if (settings.memory) return storage::open_memory(wall_now);
    storage::durable_options options;
    options.now = wall_now;
    options.directory = settings.directory;
    if (options.directory.empty()) {
        const auto usual = default_data_directory(process_environment());
        if (!usual) return protocol::failure{protocol::errc::not_found, "HOME is not set: name a data directory with --data DIR"};
        options.directory = *usual;
    }
    options.directory = std::filesystem::absolute(options.directory);
    // What people wrote is for this user alone.
    ::umask(S_IRWXG | S_IRWXO);
    return storage::open_durable(std::move(options));
}

int check(const command_line& wanted, const configuration& loaded) {
    std::size_t accounts = 0;
    for (const auto& shop : loaded.broker.shops)
        accounts += shop.accounts.size();
    if (!loaded.warnings.empty()) std::cout << policy::to_text(loaded.warnings, wanted.file, "warning: ") << "\n";
    std::cout << wanted.file << ": ok (shops: " << loaded.broker.shops.size() << ", accounts: " << accounts
              << ", tokens: " << loaded.broker.socket.tokens.size() << ")" << std::endl;
    return EXIT_SUCCESS;
}

void warn_of_open_doors(const configuration& running) {
    const auto& socket = running.broker.socket;
    const auto in_clear = [&](const std::vector<std::string>& endpoints) { // which only --insecure lets through
        return socket.security.curve_secret.empty() && !std::ranges::all_of(endpoints, transport::is_local);
    };
    if (in_clear(socket.bus) || in_clear(socket.feed))
        spdlog::warn("--insecure: what crosses the network is in clear, messages and tokens too");
    if (in_clear(socket.bus) && socket.tokens.empty() && socket.security.issuer_public.empty())
        spdlog::warn("no [[tokens]] and no issuer_key_file: everybody who reaches the bus may use it");
    if (running.store.memory) spdlog::warn("nothing is kept: all is gone when the process ends");
}

/// Puts a changed file in force; with an error in it everything stays as it was.
void reload(const command_line& wanted, configuration& running, actors::broker& broker) {
    auto loaded = load_configuration(wanted);
    if (const auto* failed = std::get_if<protocol::failure>(&loaded)) {
        spdlog::error("configuration not reloaded, the old one stays in force: {}", failed->text);
        return;
    }
    auto& changed = std::get<configuration>(loaded);
    if (const auto failed = broker.reload(changed.broker)) {
        spdlog::error("configuration not reloaded, the old one stays in force: {}", failed->text);
        return;
    }
    for (const auto key : settings_for_next_start(running, changed))
        spdlog::warn("{} is changed in the file; that takes effect at the next start", key);
    start_logging(changed.log);
    running.log = changed.log;
    running.broker.auto_create = changed.broker.auto_create;
    running.broker.defaults = changed.broker.defaults;
    running.broker.shops = changed.broker.shops;
    running.broker.socket.tokens = changed.broker.socket.tokens;
    spdlog::info("configuration reloaded: {} shops, {} tokens", changed.broker.shops.size(), changed.broker.socket.tokens.size());
}

int serve(const command_line& wanted, configuration& running, process_events& events, actors::broker& broker) {
    for (;;) {
        switch (events.wait()) {
        case process_events::kind::reload:
            reload(wanted, running, broker);
            break;
        case process_events::kind::stop:
            spdlog::info("stopping: finishing what is in flight; a second signal stops at once");
            events.stop_at_next_signal();
            broker.stop();
            if (const auto why = events.failed()) return fail(*why);
            spdlog::info("stopped");
            return EXIT_SUCCESS;
        case process_events::kind::failed:
            spdlog::error("cannot go on: {}", events.failed()->text);
            // Nothing may be released after a storage error, so nothing is unwound either: the next start is the recovery.
            std::_Exit(EXIT_FAILURE);
        }
    }
}

int start(const command_line& wanted) {
    auto loaded = load_configuration(wanted);
    if (const auto* failed = std::get_if<protocol::failure>(&loaded)) {
        std::cerr << failed->text << std::endl;
        return EXIT_FAILURE;
    }
    auto& running = std::get<configuration>(loaded);
    if (wanted.check_config) return check(wanted, running);

    start_logging(running.log);
    this_thread::take_short_turns();
    process_events events;
    warn_of_open_doors(running);
    const auto begin = std::chrono::steady_clock::now();
    auto store = open_store(running.store);
    if (const auto* failed = std::get_if<protocol::failure>(&store)) return fail(*failed);
    running.broker.version = version;
    running.broker.language = policy_texts();
    running.broker.warn = [](const std::string& text) { spdlog::warn("{}", text); };
    running.broker.failed = [&events](const protocol::failure& why) { events.fail(why); };
    auto started = actors::broker::start(running.broker, std::move(std::get<std::unique_ptr<storage::store>>(store)));
    if (const auto* failed = std::get_if<protocol::failure>(&started)) return fail(*failed);
    const auto broker = std::move(std::get<std::unique_ptr<actors::broker>>(started));

    const auto found = broker->started();
    const std::chrono::duration<double> taken =
        std::chrono::steady_clock::now() - begin; // reading the store takes the most of it
    spdlog::info("rebuilt in {:.3f} s: {} shops, {} buyers, {} open conversations, {} records replayed", taken.count(),
                 found.shops, found.buyers, found.open_conversations, found.replayed);
    std::cout << ready_line(version, running, broker->bus_endpoints(), broker->feed_endpoints()) << std::endl;
    return serve(wanted, running, events, *broker);
}

} // namespace

int run_program(int argc, char** argv) {
    const auto parsed = parse_command_line(argc, argv, std::string(version));
    if (const auto* status = std::get_if<exit_status>(&parsed)) return status->value;
    const auto& wanted = std::get<command_line>(parsed);
    if (!wanted.print_default_config) return start(wanted);
    std::cout << default_configuration_text() << std::flush;
    return EXIT_SUCCESS;
}

} // namespace fenliu::apps::fenliud

int main(int argc, char** argv) { return fenliu::apps::fenliud::run_program(argc, argv); }
