// The messages that the canonical vectors of protocol/golden-vectors.json stand for, by name. Test data.
#pragma once

#include <map>
#include <string>

#include "protocol/message.hpp"

namespace fenliu::protocol {

[[nodiscard]] const std::map<std::string, message>& samples();

} // namespace fenliu::protocol
