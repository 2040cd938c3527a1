// Invariant 17 of prompts as they enter the log: not two within eight hours. While a process runs the hours are those of the
// steady clock, whatever the wall clock does; what passed before its start is what the wall clock says at the start.
#pragma once

#include "ground.hpp"

namespace fenliu::simulation {

class prompt_checks {
public:
    explicit prompt_checks(ground& on)
        : on_{on} {}

    void before(const routing::prompt_sent& fact);
    void crashed();

private:
    struct shown {
        log_index at = 0;
        timestamp_ms steady = 0, wall = 0;
    };

    ground& on_;
    std::map<std::pair<std::string, std::string>, std::vector<shown>> last_; ///< by shop and buyer
};

} // namespace fenliu::simulation
