// What the main thread of fenliud waits for while the broker runs: signals, and the broker's own failure. Made by the main
// thread before any other thread is, so that all of them leave the signals to it.
#pragma once

#include <csignal>
#include <mutex>
#include <optional>

#include "protocol/error.hpp"

namespace fenliu::apps::fenliud {

class process_events {
public:
    enum class kind { reload, stop, failed };

    /// Blocks SIGHUP, SIGINT, SIGTERM and SIGUSR1 in this thread and in those it starts; ignores SIGPIPE.
    process_events();
    process_events(const process_events&) = delete;
    process_events& operator=(const process_events&) = delete;

    /// The next event; SIGINT and SIGTERM are `stop`, SIGHUP is `reload`.
    [[nodiscard]] kind wait();
    /// From any thread: the process has to end. The first reason stays.
    void fail(const protocol::failure& why);
    [[nodiscard]] std::optional<protocol::failure> failed() const;
    /// From now on SIGINT and SIGTERM end the process at once.
    void stop_at_next_signal();

private:
    sigset_t signals_{};
    mutable std::mutex mutex_;
    std::optional<protocol::failure> failed_;
};

} // namespace fenliu::apps::fenliud
