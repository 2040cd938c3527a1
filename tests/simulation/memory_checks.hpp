// What the actors hold against what the log says: loads, the line and the pool, each conversation's state; what a restart finds;
// and at a quiet moment, whether anybody waits for nothing (invariants 6, 11, 18, 25).
#pragma once

#include <vector>

#include "actors/lane.hpp"
#include "ground.hpp"
#include "storage/recovery.hpp"

namespace fenliu::simulation {

class memory_checks {
public:
    explicit memory_checks(ground& on)
        : on_{on} {}

    /// Between two jobs.
    void compare(const std::vector<actors::lane*>& lanes);
    void recovered(const storage::recovered& found);
    /// Nothing is under way anywhere.
    void quiet(const std::vector<actors::lane*>& lanes);

private:
    void compare(actors::shop& shop);
    void compare_waiting(actors::shop& shop);
    void compare_recovered(const storage::recovered_shop& found);

    ground& on_;
};

} // namespace fenliu::simulation
