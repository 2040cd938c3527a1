// fenliud's command line, and the configuration that it and the file it names make together.
#pragma once

#include <string>
#include <variant>

#include "apps/fenliud/configuration.hpp"

namespace fenliu::apps::fenliud {

struct command_line {
    std::string file;           ///< empty: no configuration file
    std::string data_directory; ///< empty: as the configuration says
    bool memory = false, demo = false, insecure = false;
    bool check_config = false, print_default_config = false;
};

/// Status 0: help or version was printed; status 2: usage error, explained on standard error.
struct exit_status {
    int value = 0;
};
[[nodiscard]] std::variant<command_line, exit_status> parse_command_line(int argc, const char* const* argv,
                                                                         const std::string& version);

/// Reads the file, if one is named, and lets the command line have the last word. A failure's text is ready to be printed, one
/// error a line.
[[nodiscard]] std::variant<configuration, protocol::failure> load_configuration(const command_line& wanted);

} // namespace fenliu::apps::fenliud
