#include "apps/policy/timestamp.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::policy {
namespace {

TEST(read_timestamp, knows_offsets_and_fractions) {
    EXPECT_EQ(read_timestamp("1970-01-01T00:00:01Z"), 1'000);
    EXPECT_EQ(read_timestamp("1970-01-01T08:00:00.5+08:00"), 500);
    EXPECT_EQ(read_timestamp("1970-01-01T00:00:00.123456Z"), 123);
    EXPECT_EQ(read_timestamp("1969-12-31T23:00:00-01:00"), 0);
}

TEST(read_timestamp, refuses_what_is_no_time) {
    for (const auto* text : {"", "2026-03-01", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T10:05:00",
                             "2026-03-01T10:05:00Zx", "2026-03-01 10:05:00Z", "-026-03-01T10:05:00Z"})
        EXPECT_FALSE(read_timestamp(text)) << text;
}

} // namespace
} // namespace fenliu::apps::policy
