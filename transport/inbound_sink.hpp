// Where transport hands what it received. Implemented by the bridge to the actors; every call is on the ROUTER thread and must
// not block.
#pragma once

#include <string_view>

#include "transport/link.hpp"

namespace fenliu::transport {

class inbound_sink {
public:
    virtual ~inbound_sink() = default;
    /// At least 1; asked once, when the socket binds.
    [[nodiscard]] virtual unsigned lane_count() const noexcept = 0;
    /// Below `lane_count()`, always the same for a shop.
    [[nodiscard]] virtual unsigned lane_of(std::string_view shop) const noexcept = 0;
    /// Whether buyers' messages are refused for now, because what was taken can't be put away fast enough.
    [[nodiscard]] virtual bool held_up() const noexcept { return false; }
    /// Events of one drain for one lane.
    virtual void deliver(unsigned lane, inbound_batch batch) noexcept = 0;
    /// Admin requests (kind 50), whose shop stands in their body.
    virtual void deliver_admin(inbound_batch batch) noexcept = 0;
};

} // namespace fenliu::transport
