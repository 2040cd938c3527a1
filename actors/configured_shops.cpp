#include "actors/configured_shops.hpp"

namespace fenliu::actors {

std::shared_ptr<const configured_shops> compile(const routing::policy& defaults,
                                                const std::vector<routing::shop_settings>& shops) {
    auto made = std::make_shared<configured_shops>();
    made->defaults = std::make_shared<const routing::compiled_policy>(defaults);
    for (const auto& each : shops)
        made->shops.insert_or_assign(
            each.name, configured_shop{std::make_shared<const routing::compiled_policy>(each.policy), each.accounts});
    return made;
}

} // namespace fenliu::actors
