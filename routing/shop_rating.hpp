// The platform's rating of a shop's service team through time (R20): a rating given now comes into force on the 1st of the next
// month in the shop's time zone, or at once when it corrects what was wrong. A fold over `rating_set`. Pure.
#pragma once

#include <optional>

#include "routing/record.hpp"
#include "routing/shop_zone.hpp"

namespace fenliu::routing {

struct shop_rating {
    /// A rating and since when; `from` 0: none.
    struct step {
        service_rating rating = service_rating::none;
        timestamp_ms from = 0;
    };
    step current, next;

    /// What holds at this time; before any rating was given, what the policy says.
    [[nodiscard]] service_rating at(timestamp_ms now, service_rating in_policy) const noexcept {
        if (next.from != 0 && now >= next.from) return next.rating;
        return current.from != 0 ? current.rating : in_policy;
    }
};

void apply(shop_rating& value, const rating_set& fact);

/// `none`, `bronze`, `silver`, `gold`.
[[nodiscard]] std::string_view name(service_rating value) noexcept;
[[nodiscard]] std::optional<service_rating> rating_of(std::string_view name) noexcept;

} // namespace fenliu::routing
