#include "routing/shop_rating.hpp"

#include <gtest/gtest.h>

namespace fenliu::routing {
namespace {

TEST(shop_rating, is_the_policys_until_one_is_given) {
    EXPECT_EQ(shop_rating{}.at(1'000, service_rating::silver), service_rating::silver);
}

TEST(shop_rating, comes_into_force_when_its_time_has_come) {
    shop_rating rating;
    apply(rating, {"lamp", 100, "admin", service_rating::gold, 100});
    apply(rating, {"lamp", 200, "admin", service_rating::none, 1'000});
    EXPECT_EQ(rating.at(999, service_rating::none), service_rating::gold);
    EXPECT_EQ(rating.at(1'000, service_rating::none), service_rating::none);
    apply(rating, {"lamp", 1'500, "admin", service_rating::silver, 2'000});
    EXPECT_EQ(rating.at(1'999, service_rating::gold), service_rating::none) << "what came into force stays until then";
    EXPECT_EQ(rating.at(2'000, service_rating::gold), service_rating::silver);
}

TEST(shop_rating, given_again_replaces_the_one_that_was_to_come) {
    shop_rating rating;
    apply(rating, {"lamp", 100, "admin", service_rating::gold, 1'000});
    apply(rating, {"lamp", 200, "admin", service_rating::bronze, 1'000});
    EXPECT_EQ(rating.at(1'000, service_rating::none), service_rating::bronze);
    apply(rating, {"lamp", 300, "admin", service_rating::silver, 300});
    EXPECT_EQ(rating.at(1'000, service_rating::none), service_rating::silver) << "a correction stands for itself";
}

TEST(shop_zone, knows_when_the_next_month_begins) {
    EXPECT_EQ(shop_zone{}.next_month(1'700'000'000'000), 1'701'360'000'000) << "2023-12-01 00:00 +08:00";
    EXPECT_EQ(shop_zone{}.next_month(1'701'360'000'000), 1'704'038'400'000) << "of that instant: 2024-01-01 00:00 +08:00";
    EXPECT_EQ(shop_zone::find("America/New_York")->next_month(1'709'300'000'000), 1'711'944'000'000)
        << "2024-04-01 00:00 -04:00, with another offset than in the month before";
}

} // namespace
} // namespace fenliu::routing
