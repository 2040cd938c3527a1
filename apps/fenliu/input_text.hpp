// Reads a text that the command line names: a file, or standard input as `-`. Blocks; for the program's one thread.
#pragma once

#include <string>
#include <variant>

#include "apps/fenliu/options.hpp"

namespace fenliu::apps::fenliu {

/// The whole text; a problem names the file.
[[nodiscard]] std::variant<std::string, problem> read_input(const std::string& file);

/// What the file is called in messages.
[[nodiscard]] std::string input_name(const std::string& file);

} // namespace fenliu::apps::fenliu
