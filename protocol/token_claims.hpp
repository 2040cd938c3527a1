// What a signed token says of its bearer, and its payload: one msgpack array of exactly these fields in this order. Pure
// functions; any thread. The text around it, with the signature, is transport's (signed_token.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/error.hpp"
#include "protocol/message.hpp"

namespace fenliu::protocol {

/// What a token makes of its bearer. On the wire a senior is an agent and an auditor an admin; who may do what stands in
/// transport/permission.hpp.
enum class grade : std::uint8_t { frontend, agent, senior, admin, auditor };

[[nodiscard]] std::string_view name(grade value) noexcept;
[[nodiscard]] std::optional<grade> grade_of(std::string_view name) noexcept;
/// The role that its hello has to have.
[[nodiscard]] role role_of(grade value) noexcept;
/// What a role is without a token that says more.
[[nodiscard]] grade grade_of(role value) noexcept;

struct token_claims {
    std::string id; ///< 1…limits::id_bytes; names it in the ledger and when it is revoked
    protocol::grade grade = protocol::grade::frontend;
    std::string shop;    ///< the only one that may be named; empty: any. Agents' tokens always have one
    std::string account; ///< agents: the only one; empty: any of the shop
    timestamp_ms issued_at = 0;
    timestamp_ms expires_at = 0;      ///< from then on it is of no use
    std::string key;                  ///< CURVE public key of the only client that may use it, as Z85; empty: any client
    std::uint32_t messages_per_s = 0; ///< of each session; 0: no limit of its own
    std::uint32_t connections = 0;    ///< live sessions at a time; 0: no limit of its own
};

/// Appends the payload. The claims have to hold what `check` asks for.
void encode(std::string& out, const token_claims& claims);
/// Reads a payload. MALFORMED, naming the field, for bytes that are not exactly one such array with values that `check` takes.
[[nodiscard]] std::variant<token_claims, failure> decode_token_claims(std::string_view payload);
/// What is wrong with them, or nothing: names and lengths, an agent's shop, an account in its shop, an end after the beginning.
[[nodiscard]] std::optional<failure> check(const token_claims& claims);

} // namespace fenliu::protocol
