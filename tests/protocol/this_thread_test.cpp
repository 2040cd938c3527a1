#include "protocol/this_thread.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "protocol/limits.hpp"

namespace fenliu {
namespace {

using namespace std::chrono_literals;

int nice_value() { return ::getpriority(PRIO_PROCESS, 0); }

TEST(this_thread, has_the_name_it_asked_for) {
    std::string name;
    std::jthread{[&] {
        this_thread::be_called("log segments");
        std::array<char, 16> found{};
        (void)::pthread_getname_np(::pthread_self(), found.data(), found.size());
        name = found.data();
    }}.join();
    EXPECT_EQ(name, "log segments");
}

TEST(this_thread, that_gives_way_leaves_the_others_where_they_are) {
    const int before = nice_value();
    int after = before;
    std::jthread{[&] {
        this_thread::give_way(19);
        after = nice_value();
    }}.join();
    EXPECT_EQ(after, 19);
    EXPECT_EQ(nice_value(), before);
}

/// As sched_setattr(2) has it, so far as it is asked for here.
struct attributes {
    std::uint32_t size = 0, policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0, deadline = 0, period = 0;
};

std::chrono::nanoseconds turn() {
    attributes found;
    (void)::syscall(SYS_sched_getattr, 0, &found, sizeof found, 0);
    return std::chrono::nanoseconds(found.runtime);
}

TEST(this_thread, takes_short_turns_where_linux_knows_them) {
    const auto usual = turn(); // 0 before 6.12
    const auto wanted = usual == 0ns ? usual : std::chrono::nanoseconds(limits::turn);
    std::jthread{[&] {
        this_thread::take_short_turns();
        EXPECT_EQ(turn(), wanted);
        std::jthread{[&] { EXPECT_EQ(turn(), wanted) << "those that it makes, too"; }}.join();
        this_thread::give_way(19);
        EXPECT_EQ(turn(), usual);
    }}.join();
}

TEST(this_thread, with_short_turns_keeps_its_nice_value_and_may_give_way_later) {
    const int before = nice_value();
    std::jthread{[&] {
        this_thread::take_short_turns();
        EXPECT_EQ(nice_value(), before);
        std::jthread{[] { this_thread::give_way(19); }}.join();
        EXPECT_EQ(nice_value(), before);
        this_thread::give_way(19);
        EXPECT_EQ(nice_value(), 19);
    }}.join();
}

TEST(this_thread, keeps_the_policy_that_whoever_started_it_chose) {
    std::jthread{[] {
        const sched_param none{};
        ASSERT_EQ(::sched_setscheduler(0, SCHED_IDLE, &none), 0);
        this_thread::take_short_turns();
        this_thread::give_way(19);
        EXPECT_EQ(::sched_getscheduler(0), SCHED_IDLE);
    }}.join();
}

} // namespace
} // namespace fenliu
