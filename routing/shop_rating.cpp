#include "routing/shop_rating.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fenliu::routing {
namespace {

constexpr std::array<std::string_view, 4> names{"none", "bronze", "silver", "gold"};

} // namespace

void apply(shop_rating& value, const rating_set& fact) {
    if (value.next.from != 0 && value.next.from <= fact.at) value.current = std::exchange(value.next, {});
    if (fact.from > fact.at) {
        value.next = {fact.rating, fact.from};
        return;
    }
    value.current = {fact.rating, std::max<timestamp_ms>(fact.from, 1)};
    value.next = {};
}

std::string_view name(service_rating value) noexcept { return names[static_cast<std::size_t>(value)]; }

std::optional<service_rating> rating_of(std::string_view name) noexcept {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<service_rating>(found - names.begin());
}

} // namespace fenliu::routing
