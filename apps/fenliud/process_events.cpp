#include "apps/fenliud/process_events.hpp"

#include <pthread.h>
#include <unistd.h>

namespace fenliu::apps::fenliud {

process_events::process_events() {
    std::signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals_);
    for (const int each : {SIGHUP, SIGINT, SIGTERM, SIGUSR1})
        sigaddset(&signals_, each);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
}

process_events::kind process_events::wait() {
    for (;;) {
        int signal = 0;
        sigwait(&signals_, &signal);
        if (failed()) return kind::failed;
        if (signal == SIGHUP) return kind::reload;
        if (signal == SIGINT || signal == SIGTERM) return kind::stop;
    }
}

void process_events::fail(const protocol::failure& why) {
    {
        const std::lock_guard lock(mutex_);
        if (!failed_) failed_ = why;
    }
    // Wakes wait(): a signal to the process, which only the main thread takes.
    ::kill(::getpid(), SIGUSR1);
}

std::optional<protocol::failure> process_events::failed() const {
    const std::lock_guard lock(mutex_);
    return failed_;
}

void process_events::stop_at_next_signal() {
    sigset_t ending;
    sigemptyset(&ending);
    for (const int each : {SIGINT, SIGTERM}) {
        // A shell starts what it puts in the background with SIGINT ignored.
        std::signal(each, SIG_DFL);
        sigaddset(&ending, each);
    }
    pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
}

} // namespace fenliu::apps::fenliud
