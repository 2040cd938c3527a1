// Records and messages in a few words, for the trace.
#pragma once

#include <string>

#include "protocol/message.hpp"
#include "routing/record.hpp"

namespace fenliu::simulation {

[[nodiscard]] std::string words_of(const routing::record& record);
/// Kind, and the id it carries.
[[nodiscard]] std::string words_of(const protocol::message& message);

} // namespace fenliu::simulation
