#include "transport/permission.hpp"

#include <string>

#include "protocol/kind.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;
using protocol::kind;
using protocol::role;

failure forbidden(const protocol::message& message, std::string_view who_may) {
    return {errc::forbidden, "kind " + std::to_string(protocol::kind_of(message)) + " is sent by " + std::string(who_may)};
}

/// The shop that a frontend's message names.
struct shop_reader {
    template <class Message>
    std::string_view operator()(const Message& message) const noexcept {
        if constexpr (requires { message.shop; })
            return message.shop;
        else
            return {};
    }
};

destination of_frontend(const identity& who, const protocol::message& message) {
    if (who.role != role::frontend) return forbidden(message, "a frontend");
    const std::string_view shop = std::visit(shop_reader{}, message);
    if (!who.shop.empty() && shop != who.shop)
        return failure{errc::forbidden, "this session may name the shop " + who.shop + " only"};
    return to_shop{shop};
}

destination of_agent(const identity& who, const protocol::message& message) {
    if (who.role != role::agent) return forbidden(message, "an agent");
    return to_shop{who.shop};
}

destination of_history_reader(const identity& who, const protocol::message& message) {
    if (who.role == role::frontend) return forbidden(message, "an agent or an admin");
    if (who.shop.empty()) return failure{errc::malformed, "hello must name the shop"};
    return to_shop{who.shop};
}

destination of_admin(const identity& who, const protocol::message& message) {
    // Which agents may ask for what is the shop's policy, which its lane knows.
    if (who.role == role::frontend) return forbidden(message, "an admin or an agent");
    return to_admin{};
}

} // namespace

destination destination_of(const identity& who, const protocol::message& message) {
    switch (static_cast<kind>(protocol::kind_of(message))) {
    case kind::publish:
    case kind::buyer_left:
    case kind::rating:
    case kind::order_event:
    case kind::attach:
        return of_frontend(who, message);
    case kind::presence_change:
    case kind::say:
    case kind::forward:
    case kind::close:
    case kind::pick:
    case kind::note:
        return of_agent(who, message);
    case kind::history_request:
        return of_history_reader(who, message);
    case kind::admin_request:
        return of_admin(who, message);
    default:
        return forbidden(message, "the broker");
    }
}

} // namespace fenliu::transport
