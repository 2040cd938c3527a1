#include "apps/fenliu/output.hpp"

#include <gtest/gtest.h>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/fresh_id.hpp"

namespace fenliu::apps::fenliu {
namespace {

TEST(duration_text, chooses_a_unit_that_people_use) {
    EXPECT_EQ(duration_text(850), "850 ms");
    EXPECT_EQ(duration_text(12'340), "12.3 s");
    EXPECT_EQ(duration_text(245'000), "4 min 5 s");
    EXPECT_EQ(duration_text(7'380'000), "2 h 3 min");
}

TEST(cell, shows_values_as_people_read_them) {
    const json row{{"name", "amy"}, {"on", true}, {"load", 3}, {"credit", 0.5}, {"tags", {"vip", "new"}}, {"none", nullptr}};
    EXPECT_EQ(cell(row, "name"), "amy");
    EXPECT_EQ(cell(row, "on"), "yes");
    EXPECT_EQ(cell(row, "load"), "3");
    EXPECT_EQ(cell(row, "credit"), "0.50");
    EXPECT_EQ(cell(row, "tags"), "vip, new");
    EXPECT_EQ(cell(row, "none"), "");
    EXPECT_EQ(cell(row, "absent"), "");
}

TEST(bodies, a_map_survives_the_way_to_msgpack_and_back) {
    const json body{{"shop", "demo"}, {"limit", 5}, {"cursor", nullptr}};
    EXPECT_EQ(body_of(bytes_of(body)), body);
}

TEST(bodies, bytes_that_are_no_map_give_null) {
    EXPECT_TRUE(body_of("\x93\x01\x02").is_null());
    EXPECT_TRUE(body_of("\x07").is_null());
    EXPECT_TRUE(body_of("").is_null());
}

TEST(fresh_id, ids_differ_and_fit_the_contract) {
    const auto one = fresh_id();
    EXPECT_NE(one, fresh_id());
    EXPECT_EQ(one.size(), 36U);
    EXPECT_EQ(one[14], '4');
}

} // namespace
} // namespace fenliu::apps::fenliu
