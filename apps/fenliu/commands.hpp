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
void add_assign(CLI::App& program, command_line& line);
void add_buyer(CLI::App& program, command_line& line);
void add_shop(CLI::App& program, command_line& line);
void add_policy(CLI::App& program, command_line& line);
void add_keygen(CLI::App& program, command_line& line);
void add_token(CLI::App& program, command_line& line);
void add_audit(CLI::App& program, command_line& line);
[[nodiscard]] exit_status run_audit_verify(const common_options& options, const std::string& head);
void add_erase(CLI::App& program, command_line& line);
void add_prune(CLI::App& program, command_line& line);
void add_replay(CLI::App& program, command_line& line);
void add_bench(CLI::App& program, command_line& line);
/// doctor, backup and restore.
void add_store(CLI::App& program, command_line& line);

/// The whole program with all its commands.
[[nodiscard]] std::unique_ptr<CLI::App> make_program(command_line& line);

/// What to say of a command line that names a command which isn't there, with the one that was probably meant; nothing if it
/// names none or the right ones.
[[nodiscard]] std::optional<std::string> unknown_command(const CLI::App& program, int argc, const char* const* argv);

} // namespace fenliu::apps::fenliu
