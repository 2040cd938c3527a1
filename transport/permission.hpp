// Who may send which kind, and which lane it is for. Pure functions of an identity and a message.
#pragma once

#include <string_view>
#include <variant>

#include "protocol/error.hpp"
#include "protocol/message.hpp"
#include "transport/link.hpp"

namespace fenliu::transport {

struct to_shop { ///< for the lane of this shop
    std::string_view shop;
};
struct to_admin {}; ///< for the administration

using destination = std::variant<to_shop, to_admin, protocol::failure>;

/// Where a data message goes. FORBIDDEN, naming who may send it, for a kind that is not this role's or a shop that is not this
/// peer's; MALFORMED for a request that needs a shop from hello and has none.
[[nodiscard]] destination destination_of(const identity& who, const protocol::message& message);

} // namespace fenliu::transport
