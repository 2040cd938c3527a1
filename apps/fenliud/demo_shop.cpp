#include "apps/fenliud/demo_shop.hpp"

#include <algorithm>

namespace fenliu::apps::fenliud {

void add_demo_shop(configuration& wanted) {
    auto& shops = wanted.broker.shops;
    if (std::any_of(shops.begin(), shops.end(), [](const auto& shop) { return shop.name == demo_shop_name; })) return;
    routing::shop_settings shop;
    shop.name = demo_shop_name;
    shop.policy = wanted.broker.defaults;
    shop.accounts = {{"demo:amy", 5, true}, {"demo:bob", 3, true}, {"demo:小美", 8, true}};
    shops.push_back(std::move(shop));
}

} // namespace fenliu::apps::fenliud
