// The words that stand for a policy's choices, in policy files and in routing cases. Constants; any thread.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "routing/policy.hpp"

namespace fenliu::apps::policy {

template <class Value>
using choices = std::vector<std::pair<std::string_view, Value>>;

inline const choices<routing::contact_profile> contact_profiles{{"modern", routing::contact_profile::modern},
                                                                {"seed", routing::contact_profile::seed}};
inline const choices<routing::offline_policy> offline_policies{
    {"main", routing::offline_policy::main}, {"proxy", routing::offline_policy::proxy}, {"pool", routing::offline_policy::pool}};
inline const choices<routing::service_rating> service_ratings{{"none", routing::service_rating::none},
                                                              {"bronze", routing::service_rating::bronze},
                                                              {"silver", routing::service_rating::silver},
                                                              {"gold", routing::service_rating::gold}};
inline const choices<routing::assignment_mode> assignment_modes{{"auto", routing::assignment_mode::automatic},
                                                                {"manual", routing::assignment_mode::manual}};
inline const choices<routing::robot_mode> robot_modes{{"off", routing::robot_mode::off},
                                                      {"first", routing::robot_mode::first},
                                                      {"human_first", routing::robot_mode::human_first},
                                                      {"ratio", routing::robot_mode::ratio}};
inline const choices<routing::pick_strategy> pick_strategies{{"credit", routing::pick_strategy::credit},
                                                             {"least_load", routing::pick_strategy::least_load},
                                                             {"round_robin", routing::pick_strategy::round_robin},
                                                             {"longest_idle", routing::pick_strategy::longest_idle}};

} // namespace fenliu::apps::policy
