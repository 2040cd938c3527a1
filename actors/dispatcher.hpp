// One shop's dispatcher: takes sessions' questions one at a time, decides on the agents' last reports, asks the chosen agent
// (`reserve`) and passes the award on. Owns the roster with its credits, the waiting line and the offline pool. Hosted, on its
// shop's lane.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>

#include "actors/hosted_actor.hpp"
#include "actors/shop.hpp"
#include "routing/decision.hpp"
#include "routing/roster.hpp"
#include "routing/trace.hpp"
#include "routing/waiting_line.hpp"

namespace fenliu::actors {

class dispatcher final : public hosted_actor {
public:
    dispatcher(caf::actor_config& config, lane& host, struct shop& shop);

    /// At start-up.
    void recover(double credit_clock) { agents_.restore_clock(credit_clock); }
    void recover_agent(const routing::agent_report& report, double credit) { agents_.update(report, credit); }
    /// An account that is new.
    void add_agent(const routing::agent_report& report) { learn(report); }
    void recover_waiting(const routing::waiting_buyer& buyer, bool pooled) { (pooled ? pool_ : line_).join(buyer); }
    /// The policy changed: whoever waits may be served differently.
    void policy_changed();
    /// What would be decided at that time, with its trace; changes nothing. Views of the trace point into the other two.
    struct hypothesis {
        routing::route_request request;
        routing::verdict verdict;
        routing::decision_made trace;
    };
    [[nodiscard]] std::unique_ptr<hypothesis> suppose(routing::route_request request, routing::timestamp_ms at) const;

    void handle(hosted_message&& message) override;
    const char* name() const override { return "fenliu.dispatcher"; }

    // For the actors of its lane and for answers to admins.
    [[nodiscard]] double credit(std::string_view account) const { return agents_.credit(account); }
    [[nodiscard]] const routing::roster& agents() const noexcept { return agents_; }
    [[nodiscard]] const routing::waiting_line& line() const noexcept { return line_; }
    [[nodiscard]] const routing::waiting_line& pool() const noexcept { return pool_; }

private:
    /// The award that is being made.
    struct award {
        std::shared_ptr<routing::route_request> request;
        routing::question question = routing::question::message;
        routing::verdict verdict;
        std::vector<std::string> declined; ///< who was asked in vain
    };

    void on(const route_me& message);
    void on(const left_line& message);
    void on(const agent_changed& message);
    void on(const reserved& message);
    void on(const declined& message);
    void on(const settled& message);
    void on(const tell_positions& message);
    void on(const shift_due& message);
    void watch_shifts();
    void next();   ///< begins the next award, if none is being made
    void decide(); ///< the award at hand: anew after each decline
    void place();  ///< the award at hand becomes no award
    /// The roster learns what an agent says of itself.
    void learn(const routing::agent_report& report);
    [[nodiscard]] routing::decision_inputs inputs(routing::question asked) const;
    /// Journals the award at hand; `charged` and `counted` as in decision_made.
    void trace(bool charged, bool counted);
    /// Journals the whole roster now and then, so that what follows can be understood without what came before.
    void note_roster();
    void serve_waiting();
    void line_changed();
    [[nodiscard]] buyer_session* session(conversation_number number) const;

    struct shop& shop_;
    routing::roster agents_;
    routing::waiting_line line_, pool_;
    std::deque<award> requests_;
    std::optional<award> award_;
    conversation_number asked_ = 0; ///< a waiting buyer that was told to ask again
    bool nothing_to_serve_ = false; ///< the last one asked couldn't be served; until an agent changes
    bool positions_armed_ = false;
    bool shifts_ = false, shifts_armed_ = false; ///< the policy has a rota
    routing::timestamp_ms noted_at_ = 0;         ///< steady; when the roster was last journaled
    std::uint32_t traced_ = 0;                   ///< decisions since then
    bool noted_ = false;                         ///< in this run, under this policy
};

} // namespace fenliu::actors
