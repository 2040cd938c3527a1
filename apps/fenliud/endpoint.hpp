// What the bus may listen on: `tcp://HOST:PORT` or `ipc://PATH`. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fenliu::apps::fenliud {

/// Why the text is no endpoint, or nothing if it is one. PORT is 0…65535 or `*`; 0 and `*` pick a free one.
[[nodiscard]] std::optional<std::string> check_endpoint(std::string_view endpoint);

} // namespace fenliu::apps::fenliud
