#include "apps/fenliud/process_events.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace fenliu::apps::fenliud {
namespace {

/// Restores the signal mask, which process_events changes for good.
class process_events_test : public testing::Test {
protected:
    process_events_test() { pthread_sigmask(SIG_SETMASK, nullptr, &before_); }
    ~process_events_test() override {
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        std::signal(SIGPIPE, SIG_DFL);
    }

private:
    sigset_t before_{};
};

TEST_F(process_events_test, signals_become_events) {
    process_events events;
    ::kill(::getpid(), SIGHUP);
    EXPECT_EQ(events.wait(), process_events::kind::reload);
    ::kill(::getpid(), SIGTERM);
    EXPECT_EQ(events.wait(), process_events::kind::stop);
    ::kill(::getpid(), SIGINT);
    EXPECT_EQ(events.wait(), process_events::kind::stop);
}

TEST_F(process_events_test, a_failure_on_another_thread_wakes_the_main_one) {
    process_events events;
    std::thread failing([&events] { events.fail({protocol::errc::storage_failed, "disk full"}); });
    EXPECT_EQ(events.wait(), process_events::kind::failed);
    failing.join();
    EXPECT_EQ(events.failed()->text, "disk full");
}

TEST_F(process_events_test, the_first_failure_stays) {
    process_events events;
    events.fail({protocol::errc::storage_failed, "first"});
    events.fail({protocol::errc::storage_failed, "second"});
    EXPECT_EQ(events.failed()->text, "first");
    EXPECT_EQ(events.wait(), process_events::kind::failed);
}

TEST_F(process_events_test, a_signal_during_the_stop_ends_the_process) {
    EXPECT_EXIT(
        {
            process_events events;
            events.stop_at_next_signal();
            ::kill(::getpid(), SIGTERM);
            static_cast<void>(events.wait());
        },
        testing::KilledBySignal(SIGTERM), "");
}

} // namespace
} // namespace fenliu::apps::fenliud
