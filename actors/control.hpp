// Answers admin requests: hands those about one shop to its lane, asks every lane for its part of the others and joins them.
// An ordinary CAF actor.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/all.hpp>

#include <nlohmann/json.hpp>

#include "actors/lane.hpp"

namespace fenliu::actors {

struct control_options {
    std::vector<caf::actor> lanes;
    std::function<unsigned(std::string_view shop)> lane_of;
    std::shared_ptr<actors::egress> egress;
    storage::store* store = nullptr;
    policy_language language;
    std::function<nlohmann::json()> process_stats; ///< version, uptime, sockets, store: what no lane knows
    std::function<void()> drain;
    std::vector<storage::revoked_token> revoked; ///< tokens, at the start
    std::function<routing::timestamp_ms()> wall_clock;
};

caf::actor spawn_control(caf::actor_system& system, control_options options);

} // namespace fenliu::actors
