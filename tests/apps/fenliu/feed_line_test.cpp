#include "apps/fenliu/feed_line.hpp"

#include <gtest/gtest.h>

#include "apps/fenliu/admin.hpp"

namespace fenliu::apps::fenliu {
namespace {

feed_event event(std::string_view shop, std::uint64_t n) {
    return {"shop/" + std::string(shop) + "/assigned", std::string(shop), "assigned", n, {{"n", n}}};
}

TEST(feed_topic, a_shop_means_all_its_events_and_no_other_shop) {
    EXPECT_EQ(feed_topic(""), "shop/");
    EXPECT_EQ(feed_topic("demo"), "shop/demo/");
    EXPECT_EQ(feed_topic("demo/assigned"), "shop/demo/assigned");
    EXPECT_EQ(feed_topic("shop/demo/assigned"), "shop/demo/assigned");
}

TEST(feed_topic, gaps_mean_something_only_where_whole_shops_are_followed) {
    EXPECT_TRUE(covers_whole_shops(""));
    EXPECT_TRUE(covers_whole_shops("demo"));
    EXPECT_TRUE(covers_whole_shops("shop/demo/"));
    EXPECT_FALSE(covers_whole_shops("demo/assigned"));
}

TEST(read_feed_event, takes_topic_and_map_apart) {
    const auto read = read_feed_event("shop/demo/assigned", bytes_of({{"n", 7}, {"ts", 0}, {"agent", "demo:amy"}}));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->shop, "demo");
    EXPECT_EQ(read->event, "assigned");
    EXPECT_EQ(read->n, 7U);
    EXPECT_EQ(render(*read), " demo assigned agent=demo:amy");
}

TEST(read_feed_event, refuses_what_is_no_event) {
    EXPECT_FALSE(read_feed_event("other/demo/x", bytes_of({{"n", 1}})));
    EXPECT_FALSE(read_feed_event("shop/demo", bytes_of({{"n", 1}})));
    EXPECT_FALSE(read_feed_event("shop/demo/x", "\xC1"));
}

TEST(gap_finder, counts_what_is_missing_in_each_shop_by_itself) {
    gap_finder gaps;
    EXPECT_EQ(gaps.missing_before(event("demo", 5)), 0U);
    EXPECT_EQ(gaps.missing_before(event("demo", 6)), 0U);
    EXPECT_EQ(gaps.missing_before(event("other", 90)), 0U);
    EXPECT_EQ(gaps.missing_before(event("demo", 9)), 2U);
}

TEST(gap_finder, a_broker_that_restarted_counts_from_the_beginning) {
    gap_finder gaps;
    EXPECT_EQ(gaps.missing_before(event("demo", 50)), 0U);
    EXPECT_EQ(gaps.missing_before(event("demo", 1)), 0U);
    EXPECT_EQ(gaps.missing_before(event("demo", 2)), 0U);
}

} // namespace
} // namespace fenliu::apps::fenliu
