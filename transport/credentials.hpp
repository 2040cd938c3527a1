// Who a hello proves to be: tokens, and the checks of the names it brings. Owned by the reception; ROUTER thread.
#pragma once

#include <variant>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/message.hpp"
#include "transport/broker_socket.hpp"
#include "transport/link.hpp"

namespace fenliu::transport {

class credentials {
public:
    explicit credentials(std::vector<token_grant> grants)
        : grants_(std::move(grants)) {}

    /// The identity that a hello of this version may have. REJECT_ACCOUNT or MALFORMED for a bad name, UNAUTHENTICATED for an
    /// unknown token, FORBIDDEN for a role, shop or account that the token doesn't grant and for an agent that names another
    /// shop than its account's.
    [[nodiscard]] std::variant<identity, protocol::failure> identify(const protocol::hello& hello) const;

private:
    std::vector<token_grant> grants_;
};

} // namespace fenliu::transport
