// What the switchboard needs of the ROUTER socket, so that everything above it can be tested without one. ROUTER thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "transport/remote.hpp"
#include "transport/session.hpp"

namespace fenliu::transport {

enum class sent : std::uint8_t {
    yes,
    busy, ///< the peer does not read: the frame was not taken
    gone, ///< there is no such connection any more
};

class wire {
public:
    virtual ~wire() = default;
    [[nodiscard]] virtual sent send(connection_id connection, std::string_view frame) noexcept = 0;
    /// The connection serves a session, or (false) it has until the hello timeout to start one.
    virtual void set_serving(connection_id connection, bool serving) noexcept = 0;
    /// Ends the connection: its peer neither reads nor speaks.
    virtual void cut(connection_id connection) noexcept = 0;
    /// Who sent the frame that is being handled, as far as the connection itself tells.
    [[nodiscard]] virtual remote peer() const { return {}; }
};

} // namespace fenliu::transport
