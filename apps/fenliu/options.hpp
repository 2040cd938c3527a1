// What every command of `fenliu` shares: where the broker is, how to speak to it, how to print, and how a command ends. Filled
// by the command line, read-only afterwards.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

namespace fenliu::apps::fenliu {

/// The program's exit status; part of its interface, listed in --help.
enum class exit_status : int { ok = 0, failed = 1, usage = 2, unreachable = 3, denied = 4 };

/// Why a command ends early: its status and one line for people, with the remedy.
struct problem {
    exit_status status = exit_status::failed;
    std::string text;
};

struct common_options {
    std::string url = "tcp://127.0.0.1:5570";
    std::string token_file;
    std::string server_key_file, key_file;
    // The contents of the files, once read_credentials has read them.
    std::string token;
    std::string server_key; ///< CURVE public key of the broker; empty: in clear
    std::string secret_key; ///< this client's
    bool json = false;
    bool quiet = false;
    std::chrono::milliseconds timeout{5'000};
};

/// Adds the common options to the program and sees to it that they may stand before or after the command's name.
void add_common_options(CLI::App& program, common_options& options);

/// Reads the files of token and keys, those that are named. For whoever connects: other commands have no business with them.
[[nodiscard]] std::optional<problem> read_credentials(common_options& options);

/// Refuses what is no endpoint of the bus; for CLI11.
[[nodiscard]] std::string check_endpoint(const std::string& url);

/// Refuses what is no number from `from` to `to`, both included; for CLI11.
[[nodiscard]] CLI::Validator number_between(double from, double to);
/// The same for numbers without a fraction.
[[nodiscard]] CLI::Validator whole_between(std::uint64_t from, std::uint64_t to);

/// The command line under construction: each command registers itself and, when it is the chosen one, sets `run`.
struct command_line {
    common_options common;
    std::function<exit_status()> run;
};

} // namespace fenliu::apps::fenliu
