#include "apps/fenliud/data_directory.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST(data_directory, is_made_with_its_parents_for_this_user_alone) {
    auto pattern = (std::filesystem::temp_directory_path() / "fenliud-data-XXXXXX").string();
    const std::filesystem::path top = ::mkdtemp(pattern.data());
    const auto mask = ::umask(022);
    EXPECT_EQ(make_data_directory(top / "a/b"), std::nullopt);
    ::umask(mask);
    EXPECT_EQ(std::filesystem::status(top / "a/b").permissions(), std::filesystem::perms::owner_all);
    std::filesystem::remove_all(top);
}

TEST(data_directory, that_cannot_be_made_says_so_with_a_remedy) {
    const auto mask = ::umask(022);
    const auto failed = make_data_directory("/dev/null/data");
    ::umask(mask);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->text,
              "can't make the data directory /dev/null/data (Not a directory): name another with --data DIR, or keep "
              "nothing with --memory");
}

} // namespace
} // namespace fenliu::apps::fenliud
