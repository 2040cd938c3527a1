#include "storage/segment_supply.hpp"

#include <gtest/gtest.h>

#include "tests/storage/simulated_disk.hpp"

namespace fenliu::storage {
namespace {

TEST(segment_supply, syncs_by_portions_so_that_nobody_waits_long_for_its_sync) {
    simulated_disk disk;
    failure_latch latch;
    segment_supply supply{disk, "log", 4 << 20, 1, latch};
    supply.start();
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

} // namespace
} // namespace fenliu::storage
