#include "tests/storage/journal_driver.hpp"

#include <stdexcept>

namespace fenliu::storage {

class journal_driver::remembering final : public release {
public:
    remembering(journal_driver& to, std::vector<std::string> texts)
        : to_{to}
        , texts_{std::move(texts)} {}
    void run() noexcept override {
        const std::lock_guard lock{to_.mutex_};
        for (auto& each : texts_) {
            to_.disk_.note("release " + each);
            to_.released_.push_back(std::move(each));
        }
        ++to_.settled_;
        to_.changed_.notify_all();
    }

private:
    journal_driver& to_;
    std::vector<std::string> texts_;
};

journal_driver::journal_driver(simulated_disk& disk, std::size_t segment_bytes)
    : disk_{disk} {
    latch_.set_callback([this](const protocol::failure&) {
        const std::lock_guard lock{mutex_};
        ++failures_;
        changed_.notify_all();
    });
    auto opened = journal::open(disk, "log", segment_bytes, 0, latch_);
    if (auto* failure = std::get_if<protocol::failure>(&opened))
        refused_ = failure->text;
    else
        log_ = std::get<0>(std::move(opened));
}

journal_driver::~journal_driver() {
    if (log_) log_->stop();
}

std::vector<std::string> journal_driver::read_all() {
    std::vector<std::string> texts;
    journal_cursor cursor = log_->cursor();
    const std::uint64_t end = log_->position();
    if (end == log_->first_position()) return texts;
    if (auto failure = cursor.seek(log_->first_position())) throw std::runtime_error{failure->text};
    for (;;) {
        auto read = cursor.next(end);
        if (auto* failure = std::get_if<protocol::failure>(&read)) throw std::runtime_error{failure->text};
        if (std::get<0>(read).empty()) return texts;
        routing::record record;
        if (!decode(std::get<0>(read), record)) throw std::runtime_error{"not a record"};
        texts.emplace_back(std::get<routing::line_added>(record).text);
    }
}

void journal_driver::start() { log_->start(nullptr); }

void journal_driver::commit(const std::vector<std::string>& texts) {
    record_batch batch;
    for (const auto& each : texts)
        batch.add(routing::line_added{.number = 1, .seq = 1, .text = each});
    {
        const std::lock_guard lock{mutex_};
        ++handed_in_;
    }
    log_->commit(std::move(batch), std::make_unique<remembering>(*this, texts));
}

void journal_driver::settle() {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, std::chrono::seconds{20}, [this] { return failures_ > 0 || settled_ == handed_in_; }))
        throw std::runtime_error{"the journal hangs"};
}

std::vector<std::string> journal_driver::released() {
    const std::lock_guard lock{mutex_};
    return released_;
}

std::size_t journal_driver::failures() {
    const std::lock_guard lock{mutex_};
    return failures_;
}

} // namespace fenliu::storage
