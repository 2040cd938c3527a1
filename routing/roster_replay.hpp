// The dispatcher's roster rebuilt from the log: fed with a shop's records in their order, from a `roster_noted` on, it stands at
// each `decision_made` as the live one stood when that decision was made. Pure; one thread.
#pragma once

#include <memory>

#include "routing/record.hpp"
#include "routing/roster.hpp"

namespace fenliu::routing {

class roster_replay {
public:
    /// The policy that was in force; a change of policy begins with a `roster_noted` of its own.
    explicit roster_replay(std::shared_ptr<const compiled_policy> policy);

    /// Takes the next record of the shop; those that don't concern the roster change nothing.
    void apply(const record& fact);
    /// As before the next record. Stands for nothing until a whole `roster_noted` came.
    [[nodiscard]] const roster& agents() const noexcept { return agents_; }
    [[nodiscard]] bool begun() const noexcept { return begun_; }

private:
    void take(const roster_noted& fact);
    void take(const agent_reported& fact);
    void take(const decision_made& fact);

    std::shared_ptr<const compiled_policy> policy_;
    roster agents_;
    roster_note parts_; ///< of a note that is not whole yet
    bool begun_ = false;
};

} // namespace fenliu::routing
