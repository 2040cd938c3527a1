#include "routing/roster_replay.hpp"

#include <utility>

namespace fenliu::routing {
namespace {

template <class Fact>
agent_report report_of(const Fact& fact) {
    agent_report report;
    report.account = fact.account;
    report.online = fact.online;
    report.held = fact.held;
    report.suspended = fact.suspended;
    report.participating = fact.participating;
    report.robot = fact.robot;
    report.load = fact.load;
    report.cap = fact.cap;
    report.idle_since = fact.idle_since;
    report.on_shift = fact.on_shift;
    return report;
}

} // namespace

roster_replay::roster_replay(std::shared_ptr<const compiled_policy> policy)
    : policy_{std::move(policy)} {
    agents_.set_policy(policy_);
}

void roster_replay::apply(const record& fact) {
    std::visit(
        [this]<class Fact>(const Fact& each) {
            if constexpr (requires { this->take(each); }) take(each);
        },
        fact);
}

void roster_replay::take(const roster_noted& fact) {
    if (fact.part == 1) parts_ = {};
    parts_.clock = fact.clock;
    for (const auto& each : fact.agents)
        parts_.agents.push_back({report_of(each), each.credit});
    for (std::size_t i = 0; i + 1 < fact.last_chosen.size(); i += 2)
        parts_.last_chosen.emplace_back(fact.last_chosen[i], fact.last_chosen[i + 1]);
    if (fact.part != fact.parts) return;
    agents_.restore(std::exchange(parts_, {}));
    begun_ = true;
}

void roster_replay::take(const agent_reported& fact) { agents_.update(report_of(fact)); }

void roster_replay::take(const decision_made& fact) {
    if (fact.charged) agents_.charge(fact.agent, fact.counted, policy_->find_group(fact.group));
}

} // namespace fenliu::routing
