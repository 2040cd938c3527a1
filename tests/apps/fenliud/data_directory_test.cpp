#include "apps/fenliud/data_directory.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliud {
namespace {

TEST(data_directory, is_the_systems_for_root) {
    EXPECT_EQ(default_data_directory({true, "/state", "/root"}), std::filesystem::path("/var/lib/fenliu"));
}

TEST(data_directory, follows_xdg_for_others) {
    EXPECT_EQ(default_data_directory({false, "/state", "/home/amy"}), std::filesystem::path("/state/fenliu"));
}

TEST(data_directory, is_below_home_without_an_absolute_xdg_path) {
    EXPECT_EQ(default_data_directory({false, "", "/home/amy"}), std::filesystem::path("/home/amy/.local/state/fenliu"));
    EXPECT_EQ(default_data_directory({false, "state", "/home/amy"}), std::filesystem::path("/home/amy/.local/state/fenliu"));
}

TEST(data_directory, is_unknown_without_a_home) { EXPECT_EQ(default_data_directory({false, "", ""}), std::nullopt); }

} // namespace
} // namespace fenliu::apps::fenliud
