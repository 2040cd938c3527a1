// Ids for messages and requests: random UUIDs in text form, so that no two runs share one. Any thread.
#pragma once

#include <string>

namespace fenliu::apps::fenliu {

[[nodiscard]] std::string fresh_id();

} // namespace fenliu::apps::fenliu
