#include "protocol/this_thread.hpp"

#include <chrono>
#include <cstdint>

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "protocol/limits.hpp"

namespace fenliu::this_thread {
namespace {

/// As sched_setattr(2) has it; glibc doesn't, and the kernel's own header doesn't go together with glibc's.
struct attributes {
    std::uint32_t size = sizeof(attributes), policy = SCHED_OTHER;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0, deadline = 0, period = 0; // ns
};

/// Turns of 0: of usual length. Whoever started the process with another policy meant it.
void schedule(int nice, std::chrono::nanoseconds turns) noexcept {
    if (::sched_getscheduler(0) != SCHED_OTHER) return;
    attributes wanted;
    wanted.nice = nice;
    wanted.runtime = static_cast<std::uint64_t>(turns.count());
    (void)::syscall(SYS_sched_setattr, 0, &wanted, 0);
}

} // namespace

void be_called(const char* name) noexcept { (void)::pthread_setname_np(::pthread_self(), name); }

void take_short_turns() noexcept { schedule(::getpriority(PRIO_PROCESS, 0), limits::turn); }

void give_way(int nice) noexcept {
    (void)::setpriority(PRIO_PROCESS, 0, nice); // also where turns can't be asked for
    schedule(nice, {});
}

} // namespace fenliu::this_thread
