// The policy file's format as the broker uses it: a shop's policy is kept, put and changed as the same text that people write.
#pragma once

#include "actors/policy_language.hpp"

namespace fenliu::apps::fenliud {

[[nodiscard]] actors::policy_language policy_texts();

} // namespace fenliu::apps::fenliud
