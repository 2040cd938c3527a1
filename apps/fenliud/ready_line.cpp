#include "apps/fenliud/ready_line.hpp"

#include "apps/fenliud/demo_shop.hpp"
#include "transport/curve.hpp"

namespace fenliu::apps::fenliud {

namespace {

std::string listed(const std::vector<std::string>& endpoints) {
    std::string text;
    for (const auto& each : endpoints)
        text.append(text.empty() ? " " : " and ").append(each);
    return text;
}

/// A shop that a newcomer may publish to, or empty if none is sure to exist.
std::string_view shop_to_try(const actors::broker_options& broker) {
    if (!broker.shops.empty()) return broker.shops.front().name;
    return broker.auto_create ? demo_shop_name : "";
}

/// The files that a client of this endpoint needs. Static tokens are bound to no key.
std::string files_for(const std::string& endpoint, const transport::socket_options& bus) {
    const auto& security = bus.security;
    const bool encrypted = !security.curve_secret.empty() && endpoint.starts_with("tcp://") &&
                           (security.encrypt_loopback || !transport::is_local(endpoint));
    std::string text;
    if (encrypted) text += " --server-key FILE";
    if (encrypted && !security.issuer_public.empty()) text += " --key FILE";
    if (!bus.tokens.empty() || !security.issuer_public.empty()) text += " --token-file FILE";
    return text;
}

} // namespace

std::string ready_line(std::string_view version, const configuration& running, const std::vector<std::string>& bus,
                       const std::vector<std::string>& feed) {
    std::string line = "fenliud " + std::string(version) + " ready: bus" + listed(bus);
    if (!feed.empty()) line += ", feed" + listed(feed);
    line += " — try: fenliu ";
    const auto shop = shop_to_try(running.broker);
    line += shop.empty() ? "status" : "publish " + std::string(shop) + " alice \"hello\" --wait";
    if (!bus.empty() && bus.front() != default_configuration().broker.socket.bus.front()) line += " --url " + bus.front();
    return line + files_for(bus.empty() ? "" : bus.front(), running.broker.socket);
}

} // namespace fenliu::apps::fenliud
