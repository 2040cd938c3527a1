// Who may do what: one table of grades against kinds of messages, admin verbs and the feed, with how far each reaches. What does
// not stand in it is denied. Pure functions of an identity and what it asks for; the lanes ask here too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/error.hpp"
#include "protocol/kind.hpp"
#include "protocol/message.hpp"
#include "transport/link.hpp"

namespace fenliu::transport {

/// How far a right goes.
enum class reach : std::uint8_t {
    none,   ///< denied
    shop,   ///< a shop that the session may name: an agent's own, the one it is bound to, or any if it is bound to none
    broker, ///< what concerns all shops: only a session that is bound to none
};

[[nodiscard]] reach reach_of(protocol::grade who, protocol::kind what) noexcept;
/// `none` for a verb that is not in the table.
[[nodiscard]] reach reach_of(protocol::grade who, std::string_view verb) noexcept;
[[nodiscard]] bool is_verb(std::string_view verb) noexcept;
/// All verbs, separated by commas, for people.
[[nodiscard]] std::string verbs_text();

/// Why this peer, taken for that grade, may not ask for the verb; nothing if it may, as far as the grade is concerned. NOT_FOUND
/// for what is no verb, else FORBIDDEN.
[[nodiscard]] std::optional<protocol::failure> check_verb(const identity& who, protocol::grade as, std::string_view verb);

/// Whether the peer may follow the feed at all, or the events whose topics begin with `topic`.
[[nodiscard]] bool may_follow(const identity& who, std::optional<std::string_view> topic);

struct to_shop { ///< for the lane of this shop
    std::string_view shop;
};
struct to_admin {}; ///< for the administration

using destination = std::variant<to_shop, to_admin, protocol::failure>;

/// Where a data message goes. FORBIDDEN, naming who may send it, for a kind that is not this role's or a shop that is not this
/// peer's; MALFORMED for a request that needs a shop from hello and has none.
[[nodiscard]] destination destination_of(const identity& who, const protocol::message& message);

} // namespace fenliu::transport
