// Records and messages in a few words, for the trace.
#pragma once

#include <string>

#include "protocol/message.hpp"
#include "routing/record.hpp"
#include "transport/link.hpp"

namespace fenliu::simulation {

[[nodiscard]] std::string words_of(const routing::record& record);
/// Kind, and the id it carries.
[[nodiscard]] std::string words_of(const protocol::message& message);
/// News of a link; nothing for a message.
[[nodiscard]] std::string words_of(const transport::event& event);

} // namespace fenliu::simulation
