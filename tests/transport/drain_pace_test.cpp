#include "transport/drain_pace.hpp"

#include <gtest/gtest.h>

#include "protocol/limits.hpp"

namespace fenliu::transport {
namespace {

using namespace std::chrono_literals;

constexpr unsigned cores = 2;
constexpr instant start = instant{} + 1h;
/// So many messages a second that this many come within the longest wait.
constexpr double rate_of(double messages) { return messages / std::chrono::duration<double>(limits::drain_wait).count(); }
constexpr double few = rate_of(1), many = rate_of(4 * limits::drain_messages);

/// The pace of a process that has taken this share of all cores for a while, and the wait that comes of it.
struct paced {
    explicit paced(double share, double rate = few) { take(share, rate); }
    void take(double share, double rate = few) {
        for (int i = 0; i < 20; ++i) {
            now += limits::drain_look;
            used += std::chrono::duration_cast<std::chrono::nanoseconds>(limits::drain_look * cores * share);
            messages += static_cast<std::uint64_t>(rate * std::chrono::duration<double>(limits::drain_look).count());
            pace.look(now, used, messages);
        }
    }
    [[nodiscard]] auto wait() {
        pace.begin(now);
        return pace.next() - now;
    }

    drain_pace pace{cores};
    instant now = start;
    std::chrono::nanoseconds used = 5s;
    std::uint64_t messages = 7;
};

TEST(drain_pace, waits_for_nothing_before_it_knows_anything) {
    drain_pace pace{cores};
    EXPECT_TRUE(pace.looks(start));
    pace.look(start, 100s, 1'000'000); // of a process that has long been there
    pace.begin(start);
    EXPECT_EQ(pace.next(), start);
}

TEST(drain_pace, begins_drains_at_once_while_there_is_time_to_spare) {
    EXPECT_EQ(paced{0}.wait(), 0ns);
    EXPECT_EQ(paced{limits::drain_share - 0.01}.wait(), 0ns);
}

TEST(drain_pace, waits_the_longer_the_busier_the_process_is) {
    const auto half = paced{(limits::drain_share + limits::drain_share_full) / 2}.wait();
    EXPECT_GT(half, limits::drain_wait / 3);
    EXPECT_LT(half, limits::drain_wait * 2 / 3);
    EXPECT_EQ(paced{limits::drain_share_full + 0.01}.wait(), limits::drain_wait);
    EXPECT_EQ(paced{1}.wait(), limits::drain_wait);
}

TEST(drain_pace, waits_no_longer_than_enough_messages_take_to_come) {
    EXPECT_NEAR(std::chrono::duration<double>(paced(1, many).wait()) / limits::drain_wait, 0.25, 0.01);
}

TEST(drain_pace, waits_not_at_all_rather_than_too_short_to_sleep) {
    const double least = std::chrono::duration<double>(limits::drain_wait_least) / limits::drain_wait;
    EXPECT_GT(paced(1, rate_of(limits::drain_messages / least) * 0.9).wait(), limits::drain_wait_least);
    EXPECT_EQ(paced(1, rate_of(limits::drain_messages / least) * 1.1).wait(), 0ns);
}

TEST(drain_pace, a_process_that_reads_nothing_waits_no_longer_than_any_other) {
    EXPECT_EQ(paced(1, 0).wait(), limits::drain_wait);
}

TEST(drain_pace, stops_waiting_when_the_process_has_less_to_do) {
    paced one{1};
    one.take(0.1);
    EXPECT_EQ(one.wait(), 0ns);
}

TEST(drain_pace, looks_now_and_then) {
    drain_pace pace{cores};
    pace.look(start, 1s, 1);
    EXPECT_FALSE(pace.looks(start + limits::drain_look - 1ns));
    EXPECT_TRUE(pace.looks(start + limits::drain_look));
}

} // namespace
} // namespace fenliu::transport
