// The thread that answers questions about the past, from a connection of its own, one after another. `ask` may be called from any
// thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "storage/archive_reader.hpp"

namespace fenliu::storage {

class reading_thread {
public:
    using question = std::function<void(archive_reader&)>;

    explicit reading_thread(std::unique_ptr<SQLite::Database> database);
    ~reading_thread();

    void start();
    /// Questions asked after stop() are dropped.
    void ask(question next);
    /// Answers what was asked and ends the thread.
    void stop() noexcept;

private:
    void run();

    std::unique_ptr<SQLite::Database> database_;
    archive_reader reader_;
    std::mutex mutex_;
    std::condition_variable asked_;
    std::vector<question> questions_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace fenliu::storage
