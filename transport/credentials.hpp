// Who a hello proves to be: static and signed tokens, the client's key, and the checks of the names it brings. Owned by the
// reception; ROUTER thread.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/message.hpp"
#include "transport/broker_socket.hpp"
#include "transport/link.hpp"
#include "transport/outbound.hpp"
#include "transport/remote.hpp"

namespace fenliu::transport {

class credentials {
public:
    explicit credentials(std::vector<token_grant> grants, const security_options& security = {});

    /// The identity that a hello of this version may have, coming from there at that time. REJECT_ACCOUNT or MALFORMED for a bad
    /// name; UNAUTHENTICATED for a token that is unknown, has ended, is revoked or is bound to another client, and from another
    /// machine for one that is bound to none; FORBIDDEN for a role, shop or account that the token doesn't grant and for an agent
    /// that names another shop than its account's.
    [[nodiscard]] std::variant<identity, protocol::failure> identify(const protocol::hello& hello, const remote& from = {},
                                                                     protocol::timestamp_ms now = 0) const;

    void set_grants(std::vector<token_grant> grants) { grants_ = std::move(grants); }
    /// This token opens nothing any more. Those that have ended by `now` are forgotten.
    void revoke(const revocation& each, protocol::timestamp_ms now);
    [[nodiscard]] std::size_t revoked() const noexcept { return revoked_.size(); }

private:
    [[nodiscard]] std::variant<identity, protocol::failure> identify_signed(const protocol::hello& hello, const remote& from,
                                                                            protocol::timestamp_ms now) const;
    [[nodiscard]] std::variant<identity, protocol::failure> identify_static(const protocol::hello& hello) const;

    /// It came in clear from wherever, which the operator accepted.
    [[nodiscard]] bool in_clear(const remote& from) const noexcept;

    std::vector<token_grant> grants_;
    std::string issuer_;
    bool insecure_;
    std::unordered_map<std::string, protocol::timestamp_ms> revoked_; // ids, and when they end anyway
};

} // namespace fenliu::transport
