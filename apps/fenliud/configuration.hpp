// What a configuration file says, as a value: the broker's options, where the store is, how to log. Reading it is a pure
// function of the file's text; main reads the file and puts the value in force.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/broker.hpp"
#include "apps/policy/finding.hpp"

namespace fenliu::apps::fenliud {

enum class log_level : std::uint8_t { debug, info, warn, error };
/// automatic: text on a terminal, JSON lines otherwise.
enum class log_format : std::uint8_t { automatic, text, json };

struct log_settings {
    log_level level = log_level::info;
    log_format format = log_format::automatic;
};

struct store_settings {
    std::filesystem::path directory; ///< empty: default_data_directory()
    bool memory = false;             ///< nothing survives the process; `directory` has no effect
};

/// Where the keys are; the file names them, load_configuration reads them into the broker's options.
struct key_files {
    std::filesystem::path secret_key, issuer_key; ///< empty: none

    friend bool operator==(const key_files&, const key_files&) = default;
};

struct configuration {
    actors::broker_options broker;
    key_files keys;
    store_settings store;
    log_settings log;
    policy::findings warnings; ///< what the file allows but can't mean, in order of place
};

/// Without a file: loopback only, no tokens, shops made on first use.
[[nodiscard]] configuration default_configuration();

/// Reads the text of a file; every error that can be told is reported, not the first alone. An endpoint that other machines
/// reach needs both keys, or else `insecure`: tokens and messages would cross the network in clear.
[[nodiscard]] std::variant<configuration, policy::findings> parse_configuration(std::string_view text, bool insecure);

/// The keys whose wanted value differs from the running one and that a reload doesn't change, e.g. `bus.listen`.
[[nodiscard]] std::vector<std::string_view> settings_for_next_start(const configuration& running, const configuration& wanted);

} // namespace fenliu::apps::fenliud
