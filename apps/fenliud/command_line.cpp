#include "apps/fenliud/command_line.hpp"

#include <iostream>
#include <tuple>
#include <utility>

#include <CLI/CLI.hpp>

#include "apps/fenliud/demo_shop.hpp"
#include "apps/policy/text_file.hpp"
#include "transport/keys.hpp"

namespace fenliu::apps::fenliud {

std::variant<command_line, exit_status> parse_command_line(int argc, const char* const* argv, const std::string& version) {
    command_line wanted;
    CLI::App app("The fenliu broker: routes a shop's buyers to its agents. Without -c it listens on loopback and makes shops and "
                 "accounts on first use.",
                 "fenliud");
    auto* file = app.add_option("-c,--config", wanted.file, "Configuration file (TOML)")->type_name("FILE");
    auto* data = app.add_option("--data", wanted.data_directory, "Keep everything in DIR")->type_name("DIR");
    app.add_flag("--memory", wanted.memory, "Keep nothing: all is gone when the process ends")->excludes(data);
    app.add_flag("--demo", wanted.demo, "Have a shop \"demo\" with the accounts demo:amy, demo:bob and demo:小美");
    app.add_flag("--insecure", wanted.insecure, "Allow endpoints that other machines reach without keys: all is in clear");
    app.add_flag("--check-config", wanted.check_config, "Check the configuration file and exit")->needs(file);
    app.add_flag("--print-default-config", wanted.print_default_config, "Print every setting with its default and exit");
    app.set_version_flag("--version", "fenliud " + version);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        constexpr int usage = 2;
        return exit_status{app.exit(error, std::cout, std::cerr) == 0 ? 0 : usage};
    }
    return wanted;
}

namespace {

/// Reads the keys that the file names, by paths from where the file is.
std::optional<protocol::failure> read_keys(const std::filesystem::path& beside, key_files& keys,
                                           transport::security_options& security) {
    using transport::key_kind;
    const std::tuple<std::filesystem::path*, key_kind, std::string*> all[] = {
        {&keys.secret_key, key_kind::curve_secret, &security.curve_secret},
        {&keys.issuer_key, key_kind::issuer_public, &security.issuer_public}};
    for (const auto& [path, kind, out] : all) {
        if (path->empty()) continue;
        *path = beside / *path;
        auto read = transport::read_key_file(*path, kind);
        if (auto* failed = std::get_if<protocol::failure>(&read)) return std::move(*failed);
        *out = std::move(std::get<std::string>(read));
    }
    return std::nullopt;
}

} // namespace

std::variant<configuration, protocol::failure> load_configuration(const command_line& wanted) {
    configuration loaded = default_configuration();
    if (!wanted.file.empty()) {
        auto text = policy::read_text_file(wanted.file);
        if (auto* failed = std::get_if<protocol::failure>(&text)) return std::move(*failed);
        auto parsed = parse_configuration(std::get<std::string>(text), wanted.insecure);
        if (auto* errors = std::get_if<policy::findings>(&parsed))
            return protocol::failure{protocol::errc::malformed, policy::to_text(std::move(*errors), wanted.file)};
        loaded = std::move(std::get<configuration>(parsed));
        const auto beside = std::filesystem::path(wanted.file).parent_path();
        if (auto failed = read_keys(beside, loaded.keys, loaded.broker.socket.security)) return std::move(*failed);
    }
    if (!wanted.data_directory.empty()) {
        loaded.store.directory = wanted.data_directory;
        loaded.store.memory = false;
    }
    if (wanted.memory) loaded.store.memory = true;
    if (wanted.demo) add_demo_shop(loaded);
    return loaded;
}

} // namespace fenliu::apps::fenliud
