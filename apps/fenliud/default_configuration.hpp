// The configuration file that --print-default-config prints: every key with its default and what it means.
#pragma once

#include <string>

namespace fenliu::apps::fenliud {

/// Reads back as default_configuration(). Lines that begin with `#` and no blank are settings without a default, as examples;
/// ranges stand in brackets as (from…to).
[[nodiscard]] std::string default_configuration_text();

} // namespace fenliu::apps::fenliud
