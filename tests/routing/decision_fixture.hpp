// The shop `acme` with main offline, amy and bob online, and a message of alice's that a test may change before it is decided.
#pragma once

#include <memory>

#include <gtest/gtest.h>

#include "routing/decision.hpp"

namespace fenliu::routing {

inline constexpr timestamp_ms hour = 3'600'000;
inline constexpr timestamp_ms day = 24 * hour;
inline constexpr timestamp_ms now = 1'000 * hour; // 1970-02-12 00:00 in Shanghai

class decision : public testing::Test {
protected:
    decision() {
        join({.account = "acme", .online = false});
        join({.account = "acme:amy", .online = true});
        join({.account = "acme:bob", .online = true});
        request.number = 1;
        request.buyer = "alice";
    }
    void join(agent_report report) {
        if (report.cap == 0) report.cap = 2;
        agents.update(report);
    }
    void recent_contact(std::string account, timestamp_ms age) {
        request.recent_account = std::move(account);
        request.recent_at = now - age;
    }
    verdict decide() {
        const auto policy = std::make_shared<const compiled_policy>(rules);
        agents.set_policy(policy);
        return routing::decide(*policy, agents, {"acme", rating, waiting}, request, now);
    }
    verdict decide_forward() {
        const auto policy = std::make_shared<const compiled_policy>(rules);
        agents.set_policy(policy);
        return routing::decide_forward(*policy, agents, asked, request);
    }
    static group group_of(std::string id, std::vector<std::string> members) {
        group made;
        made.id = std::move(id);
        made.members = std::move(members);
        return made;
    }

    policy rules;
    roster agents;
    route_request request;
    question asked = question::forward;
    std::size_t waiting = 0;
    service_rating rating = service_rating::none;
};

} // namespace fenliu::routing
