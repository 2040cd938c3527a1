// The shape of one run, drawn from its seed: lanes, shops with their policies and accounts, how many clients there are and how
// rough the weather is. Times are short, so that minutes of a shop's life go by in a run. A value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chance.hpp"
#include "routing/policy.hpp"
#include "transport/broker_socket.hpp"

namespace fenliu::simulation {

struct shop_plan {
    routing::shop_settings settings;
    std::vector<std::string> accounts; ///< of people: main first, then subs
    std::string robot;                 ///< an account that answers in the robot's place; empty: none
    std::vector<std::string> buyers;
};

struct scenario {
    explicit scenario(std::uint64_t seed);

    unsigned lanes = 1;
    std::vector<shop_plan> shops;
    unsigned frontends = 2;
    transport::socket_options socket;
    unsigned client_window = 0; ///< credit that clients grant

    // How often in a thousand choices something happens besides the machine's own work.
    unsigned actions = 150, faults = 10;
    unsigned crashes = 2;                 ///< of a hundred faults, so many are crashes
    routing::timestamp_ms delay_max = 50; ///< of a frame on its way

    [[nodiscard]] const shop_plan& shop(std::string_view name) const;
    [[nodiscard]] const routing::policy& policy(std::string_view shop_name) const { return shop(shop_name).settings.policy; }
};

/// A policy that the shop's accounts could have; what a reload puts in force as well.
[[nodiscard]] routing::policy draw_policy(chance& dice, const shop_plan& shop);

} // namespace fenliu::simulation
