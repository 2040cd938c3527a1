#include "apps/policy/did_you_mean.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::policy {
namespace {

TEST(did_you_mean, distance_counts_inserted_deleted_replaced_and_swapped_characters) {
    EXPECT_EQ(edit_distance("window", "window"), 0U);
    EXPECT_EQ(edit_distance("window", "windows"), 1U);
    EXPECT_EQ(edit_distance("window", "widow"), 1U);
    EXPECT_EQ(edit_distance("window", "winbow"), 1U);
    EXPECT_EQ(edit_distance("window", "wnidow"), 1U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(did_you_mean, a_chinese_character_is_one_edit) { EXPECT_EQ(edit_distance("demo:小美", "demo:小梅"), 1U); }

TEST(did_you_mean, the_nearest_candidate_wins) {
    EXPECT_EQ(did_you_mean("heartbeat", {"heartbeat_ms", "heartbeats"}), "heartbeats");
}

TEST(did_you_mean, the_earlier_of_equals_wins) { EXPECT_EQ(did_you_mean("amx", {"amy", "ama"}), "amy"); }

TEST(did_you_mean, nothing_is_meant_by_a_word_far_from_all) {
    EXPECT_EQ(did_you_mean("colour", {"listen", "window"}), std::nullopt);
    EXPECT_EQ(did_you_mean("window", {}), std::nullopt);
}

TEST(did_you_mean, one_letter_is_never_another_letter) { EXPECT_EQ(did_you_mean("a", {"b"}), std::nullopt); }

} // namespace
} // namespace fenliu::apps::policy
