// Invariants 1 to 5, 8, 9 of lines as they enter the log. Called for each record before the model applies it.
#pragma once

#include "ground.hpp"

namespace fenliu::simulation {

class line_checks {
public:
    explicit line_checks(ground& on)
        : on_{on} {}

    void before(const routing::line_added& fact);
    void before(const routing::conversation_opened& fact);
    void before(const routing::conversation_closed& fact);
    /// What was not on the disk never happened.
    void crashed() {
        last_order_.clear();
        spoken_steady_.clear();
    }

private:
    void number_follows(const model_conversation& in, const routing::line_added& fact);
    void is_new(const model_conversation& in, const routing::line_added& fact);
    void was_said(const model_conversation& in, const routing::line_added& fact);
    void speaks_with_right(const model_conversation& in, const routing::line_added& fact, const sent_line& said);
    void keeps_order(const model_conversation& in, const routing::line_added& fact, const sent_line& said);

    ground& on_;
    std::map<std::pair<conversation_number, std::size_t>, std::uint64_t> last_order_; ///< by conversation and device
    std::map<conversation_number, timestamp_ms> closed_steady_, spoken_steady_;
};

} // namespace fenliu::simulation
