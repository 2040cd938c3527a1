// Follows which agents' clients the lanes take for present: transport's news of their links, at the moment a lane handles them.
#pragma once

#include "ground.hpp"

namespace fenliu::simulation {

class attendance_watch {
public:
    explicit attendance_watch(ground& on)
        : on_{on} {}

    void lane_takes(const transport::inbound_batch& batch);
    void lane_done();
    /// A new process: nobody is here, owners are held for the grace.
    void started();

private:
    void take(const transport::link_opened& news);
    void take(const transport::link_lost& news);
    void take(const transport::link_resumed& news);
    void take(const transport::link_closed& news);
    /// Whose link it is; null for a frontend's or an old one.
    [[nodiscard]] attendance* of(transport::link_id link);
    void lose(attendance& who);

    ground& on_;
};

} // namespace fenliu::simulation
