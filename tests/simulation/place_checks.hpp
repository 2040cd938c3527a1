// Invariants 6 to 15, 19, 20 of ownership as it enters the log: who gets a conversation, why, and whether that account may.
// Called for each record before the model applies it.
#pragma once

#include "ground.hpp"

namespace fenliu::simulation {

class place_checks {
public:
    explicit place_checks(ground& on)
        : on_{on} {}

    void before(const routing::place_changed& fact);
    void before(const routing::account_set& fact);

private:
    void epoch_rises(const model_conversation& in, const routing::place_changed& fact);
    void forward_is_whole(const model_conversation& in, const routing::place_changed& fact);
    void assignee_may_have_it(const model_conversation& in, const routing::place_changed& fact);
    void assignee_has_room(const model_conversation& in, const routing::place_changed& fact);
    void owner_may_lose_it(const model_conversation& in, const routing::place_changed& fact);
    void turn_is_kept(const model_conversation& in, const routing::place_changed& fact);
    void count(const model_conversation& in, const routing::place_changed& fact);

    ground& on_;
};

} // namespace fenliu::simulation
