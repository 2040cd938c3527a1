// Reads a file of text whole: configuration, policies, cases. Blocks; for the main thread of a program.
#pragma once

#include <string>
#include <variant>

#include "protocol/error.hpp"

namespace fenliu::apps::policy {

/// At most limits::configuration_bytes. A failure names the file.
[[nodiscard]] std::variant<std::string, protocol::failure> read_text_file(const std::string& file);

} // namespace fenliu::apps::policy
