// Where transport hands what it received. Implemented by the bridge to the actors; every call is on the ROUTER thread and must
// not block.
#pragma once

#include <cstdint>
#include <string_view>

#include "transport/link.hpp"

namespace fenliu::transport {

/// Whether what was taken can be put away as fast as it comes. What waits for that is bounded like all that is in flight.
enum class pressure : std::uint8_t {
    none,
    some, ///< shops with more than a turn's messages wait
    full, ///< all that buyers send waits
};

class inbound_sink {
public:
    virtual ~inbound_sink() = default;
    /// At least 1; asked once, when the socket binds.
    [[nodiscard]] virtual unsigned lane_count() const noexcept = 0;
    /// Below `lane_count()`, always the same for a shop.
    [[nodiscard]] virtual unsigned lane_of(std::string_view shop) const noexcept = 0;
    [[nodiscard]] virtual pressure held_up() const noexcept { return pressure::none; }
    /// Events of one drain for one lane.
    virtual void deliver(unsigned lane, inbound_batch batch) noexcept = 0;
    /// Admin requests (kind 50), whose shop stands in their body.
    virtual void deliver_admin(inbound_batch batch) noexcept = 0;
};

} // namespace fenliu::transport
