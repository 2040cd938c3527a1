// The line that says the broker is up: for people and for scripts that wait for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/fenliud/configuration.hpp"

namespace fenliu::apps::fenliud {

/// `fenliud VERSION ready: bus ENDPOINT…, feed ENDPOINT… — try: COMMAND`, without an end of line. The command works with
/// this configuration once each FILE in it is named: the broker's public key and the client's own where the bus is encrypted, a
/// token where tokens are asked for.
[[nodiscard]] std::string ready_line(std::string_view version, const configuration& running, const std::vector<std::string>& bus,
                                     const std::vector<std::string>& feed);

} // namespace fenliu::apps::fenliud
