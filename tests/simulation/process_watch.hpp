// What the process shows of itself at its seams. Implemented by the world, for its oracles.
#pragma once

#include <string_view>

#include "storage/recovery.hpp"
#include "transport/link.hpp"
#include "transport/outbound.hpp"
#include "transport/wire.hpp"

namespace fenliu::simulation {

class process_watch {
public:
    virtual ~process_watch() = default;
    /// A restart found this.
    virtual void recovered(const storage::recovered& found) = 0;
    /// A frame reaches the exchange.
    virtual void frame_received(transport::connection_id from, std::string_view frame) = 0;
    /// A hello on that connection opened a new link.
    virtual void link_opened(transport::connection_id from, const transport::link_opened& news) = 0;
    /// A lane is about to handle this batch.
    virtual void lane_takes(const transport::inbound_batch& batch) = 0;
    /// A lane has handled a message.
    virtual void lane_done() = 0;
    /// This output is released.
    virtual void posted(const transport::outbound_batch& batch) = 0;
};

} // namespace fenliu::simulation
