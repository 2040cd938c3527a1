// The commands of `fenliu`, one file each. Every function adds its command to the program; CLI11 fills the command's options, and
// the chosen one becomes `line.run`.
#pragma once

#include "apps/fenliu/options.hpp"

namespace fenliu::apps::fenliu {

void add_publish(CLI::App& program, command_line& line);
void add_agent(CLI::App& program, command_line& line);
void add_feed(CLI::App& program, command_line& line);
void add_history(CLI::App& program, command_line& line);
void add_explain(CLI::App& program, command_line& line);
void add_agents(CLI::App& program, command_line& line);
void add_queue(CLI::App& program, command_line& line);
void add_status(CLI::App& program, command_line& line);
void add_policy(CLI::App& program, command_line& line);
void add_replay(CLI::App& program, command_line& line);

/// The whole program with all its commands.
[[nodiscard]] std::unique_ptr<CLI::App> make_program(command_line& line);

} // namespace fenliu::apps::fenliu
