// Every decision again, as it is journaled: from its trace, the policy in force and a roster rebuilt from the log alone, the
// outcome has to be the same (invariant 29). And one audit record for each deed of an admin (27).
#pragma once

#include <map>
#include <memory>
#include <string>

#include "ground.hpp"
#include "policy_book.hpp"
#include "routing/roster_replay.hpp"
#include "simulated_store.hpp"

namespace fenliu::simulation {

class decision_checks {
public:
    decision_checks(ground& on, const policy_book& policies)
        : on_{on}
        , policies_{policies} {}

    /// The next record of the log.
    void take(const routing::record& record);
    /// A process begins with what is on the disk.
    void restarted(const simulated_store& store);
    /// An admin's request took effect.
    void done(const std::string& verb) { ++expected_[verb]; }
    /// Nothing is under way.
    void quiet();

    [[nodiscard]] std::uint64_t evaluated() const noexcept { return evaluated_; }

private:
    struct view {
        std::shared_ptr<const routing::compiled_policy> policy;
        std::unique_ptr<routing::roster_replay> roster;
    };

    /// Deeds, and the records in which some of them took effect.
    void count(const routing::record& record);
    void enter(const routing::policy_set& fact);
    void evaluate(const view& of, const routing::decision_made& made);

    ground& on_;
    const policy_book& policies_;
    std::map<std::string, view, std::less<>> shops_;
    std::map<std::string, std::uint64_t, std::less<>> expected_, audited_; ///< deeds by verb, in this process
    std::uint64_t evaluated_ = 0;
};

} // namespace fenliu::simulation
