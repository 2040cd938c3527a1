#include <fstream>

#include <gtest/gtest.h>

#include "apps/fenliu/replay_plan.hpp"

namespace fenliu::apps::fenliu {
namespace {

TEST(demo_file, holds_24_conversations_of_one_shop_that_can_all_be_played) {
    std::ifstream input(FENLIU_DEMO_FILE);
    const auto file = read_replay_file(input);
    EXPECT_TRUE(file.bad.empty());
    const auto plan = make_replay_plan(file, {});
    EXPECT_TRUE(plan.unplayed.empty());
    EXPECT_EQ(plan.conversations.size(), 24U);
    EXPECT_EQ(plan.shops, std::vector<std::string>{"demo"});
    for (const auto& line : file.lines)
        EXPECT_LE(line.ts - plan.first_ts, 600'000) << "line " << line.number << " lies outside the ten minutes";
}

} // namespace
} // namespace fenliu::apps::fenliu
