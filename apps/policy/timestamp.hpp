// Times as people and recordings write them. A pure function; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "protocol/message.hpp"

namespace fenliu::apps::policy {

/// `2020-04-01T17:31:32.000Z` or with an offset `+08:00` (RFC 3339); fractions below a millisecond are cut off.
[[nodiscard]] std::optional<protocol::timestamp_ms> read_timestamp(std::string_view text);

} // namespace fenliu::apps::policy
