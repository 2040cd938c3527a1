// Tokens as text: `fl1.<payload>.<signature>`, both base64url without padding. The signature (Ed25519) is over everything before
// its dot. Stateless; any thread. PROTOCOL.md has the form.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "protocol/error.hpp"
#include "protocol/token_claims.hpp"

namespace fenliu::transport {

/// Whether the text means to be a signed token, and no static one.
[[nodiscard]] bool is_signed_token(std::string_view text) noexcept;

/// The token for these claims, which hold what protocol::check asks for; the key is the issuer's secret one.
[[nodiscard]] std::string sign(const protocol::token_claims& claims, std::string_view issuer_secret);

/// The claims of a token that the issuer with this public key signed; UNAUTHENTICATED for every other text, whatever is wrong
/// with it. Neither time nor revocation is looked at.
[[nodiscard]] std::variant<protocol::token_claims, protocol::failure> verify(std::string_view token,
                                                                             std::string_view issuer_public);

} // namespace fenliu::transport
