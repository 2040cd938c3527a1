// A policy file with every key, as a start for one's own: `fenliu policy example` prints it, and fenliud's default configuration
// shows the same settings. Constants; any thread.
#pragma once

#include <string>

namespace fenliu::apps::policy {

/// A whole policy file. Reads back as the policy of a shop made on first use. Lines that begin with `#` and no blank are settings
/// without a default, as examples; ranges stand in brackets as (from…to).
[[nodiscard]] std::string example_policy_text();

/// The part of it that names neither accounts nor groups, with `prefix` before each section's name, e.g. `defaults.`.
[[nodiscard]] std::string example_settings_text(const std::string& prefix);

} // namespace fenliu::apps::policy
