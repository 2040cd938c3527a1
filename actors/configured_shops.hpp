// What configuration says of shops, compiled once for all lanes: their policies and accounts, and the policy of the shops it does
// not name. Immutable, replaced whole by a reload; any thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/error.hpp"
#include "routing/compiled_policy.hpp"

namespace fenliu::actors {

struct configured_shop {
    std::shared_ptr<const routing::compiled_policy> policy;
    std::vector<routing::account_settings> accounts;
};

struct configured_shops {
    std::shared_ptr<const routing::compiled_policy> defaults;
    std::map<std::string, configured_shop, std::less<>> shops;

    /// Null for a shop that configuration doesn't name.
    [[nodiscard]] const configured_shop* find(std::string_view name) const {
        const auto found = shops.find(name);
        return found == shops.end() ? nullptr : &found->second;
    }
};

/// Compiles every policy; a failure names the shop whose policy can't be.
[[nodiscard]] std::variant<std::shared_ptr<const configured_shops>, protocol::failure>
compile(const routing::policy& defaults, const std::vector<routing::shop_settings>& shops);

} // namespace fenliu::actors
