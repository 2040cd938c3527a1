#include "apps/fenliud/ready_line.hpp"

#include "apps/fenliud/demo_shop.hpp"

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

} // namespace

std::string ready_line(std::string_view version, const configuration& running, const std::vector<std::string>& bus,
                       const std::vector<std::string>& feed) {
    std::string line = "fenliud " + std::string(version) + " ready: bus" + listed(bus);
    if (!feed.empty()) line += ", feed" + listed(feed);
    line += " — try: fenliu ";
    const auto shop = shop_to_try(running.broker);
    line += shop.empty() ? "status" : "publish " + std::string(shop) + " alice \"hello\" --wait";
    if (!bus.empty() && bus.front() != default_configuration().broker.socket.bus.front()) line += " --url " + bus.front();
    if (!running.broker.socket.tokens.empty()) line += " --token-file FILE";
    return line;
}

} // namespace fenliu::apps::fenliud
