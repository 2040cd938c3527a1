// The shop of `fenliud --demo`: what a newcomer needs to see a buyer reach an agent.
#pragma once

#include "apps/fenliud/configuration.hpp"

namespace fenliu::apps::fenliud {

inline constexpr std::string_view demo_shop_name = "demo";

/// Adds the shop `demo` with three accounts, unless the configuration names one itself.
void add_demo_shop(configuration& wanted);

} // namespace fenliu::apps::fenliud
