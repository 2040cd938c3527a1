#include "actors/configured_shops.hpp"

#include <stdexcept>

namespace fenliu::actors {

std::variant<std::shared_ptr<const configured_shops>, protocol::failure>
compile(const routing::policy& defaults, const std::vector<routing::shop_settings>& shops) {
    auto made = std::make_shared<configured_shops>();
    std::string what = "[defaults]";
    try {
        made->defaults = std::make_shared<const routing::compiled_policy>(defaults);
        for (const auto& each : shops) {
            what = "shop " + each.name;
            made->shops.insert_or_assign(
                each.name, configured_shop{std::make_shared<const routing::compiled_policy>(each.policy), each.accounts});
        }
    } catch (const std::runtime_error& error) {
        return protocol::failure{protocol::errc::malformed, "the policy of " + what + ": " + error.what()};
    }
    return made;
}

} // namespace fenliu::actors
