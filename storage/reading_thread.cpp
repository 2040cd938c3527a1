#include "storage/reading_thread.hpp"

#include "protocol/this_thread.hpp"

namespace fenliu::storage {

reading_thread::reading_thread(std::unique_ptr<SQLite::Database> database)
    : database_{std::move(database)}
    , reader_{*database_} {}

reading_thread::~reading_thread() { stop(); }

void reading_thread::start() {
    thread_ = std::thread{[this] { run(); }};
}

void reading_thread::ask(question next) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_) return;
        questions_.push_back(std::move(next));
    }
    asked_.notify_one();
}

void reading_thread::stop() noexcept {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    asked_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void reading_thread::run() {
    this_thread::be_called("reading");
    std::vector<question> work;
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            asked_.wait(lock, [this] { return stopping_ || !questions_.empty(); });
            if (questions_.empty()) return;
            work.swap(questions_);
        }
        for (auto& each : work)
            each(reader_);
        work.clear();
    }
}

} // namespace fenliu::storage
