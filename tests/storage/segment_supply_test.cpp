#include "storage/segment_supply.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "storage/segment_list.hpp"
#include "tests/storage/simulated_disk.hpp"

namespace fenliu::storage {
namespace {

struct supply_of_segments : testing::Test {
    supply_of_segments() { supply.start(); }

    simulated_disk disk;
    failure_latch latch;
    segment_supply supply{disk, "log", 4 << 20, 1, latch};
};

TEST_F(supply_of_segments, syncs_by_portions_so_that_nobody_waits_long_for_its_sync) {
    ASSERT_EQ(supply.take().index(), 0U);
    std::size_t unsynced = 0, written = 0;
    for (const auto& each : disk.events()) {
        if (each.starts_with("rename")) break;
        unsynced = each == "write next.tmp" ? unsynced + 1 : each == "sync next.tmp" ? 0 : unsynced;
        written += each == "write next.tmp";
        EXPECT_LE(unsynced, 1U);
    }
    EXPECT_EQ(written, 4U);
    EXPECT_EQ(unsynced, 0U);
}

TEST_F(supply_of_segments, makes_the_next_one_in_step_with_what_is_used) {
    ASSERT_EQ(supply.take().index(), 0U);
    const auto begun = [&] { return static_cast<std::ptrdiff_t>(std::ranges::count(disk.events(), "write next.tmp")); };
    constexpr std::ptrdiff_t first = 4; // of 1 MiB, as it was waited for
    ASSERT_EQ(begun(), first);
    supply.keep_step(0.25);
    constexpr std::ptrdiff_t due = 3; // 2 MiB and the least portion
    for (const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
         begun() < first + due && std::chrono::steady_clock::now() < deadline;)
        std::this_thread::yield();
    supply.stop();
    EXPECT_EQ(begun(), first + due);
    EXPECT_EQ(disk.names(), std::vector<std::string>{segment_name(1)}) << "what nobody needs any more is removed";
}

TEST_F(supply_of_segments, is_ready_when_somebody_is_to_take_one) {
    supply.make_ready();
    EXPECT_EQ(disk.names(), std::vector<std::string>{segment_name(1)});
    ASSERT_EQ(supply.take().index(), 0U);
}

} // namespace
} // namespace fenliu::storage
