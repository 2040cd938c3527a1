#include "storage/archivist.hpp"

#include <algorithm>
#include <numeric>

#include "protocol/limits.hpp"
#include "protocol/this_thread.hpp"

namespace fenliu::storage {

archivist::archivist(journal& log, std::unique_ptr<archive> into, log_retention retention, failure_latch& failures,
                     archived_list archived)
    : log_{log}
    , archive_{std::move(into)}
    , retention_{retention}
    , failures_{failures}
    , archived_before_{std::move(archived)}
    , synced_position_{log.position()}
    , last_mark_{log.position()}
    , removing_{archive_->removed_before() != 0}
    , applied_{archive_->applied()}
    , halfway_{archive_->applied()} {}

archivist::~archivist() { stop(); }

void archivist::start(archived_callback archived) {
    archived_ = std::move(archived);
    thread_ = std::thread{[this] { run(); }};
}

void archivist::synced(std::uint64_t position, bool new_segment) noexcept {
    bool wake = false;
    {
        const std::lock_guard lock{mutex_};
        synced_position_ = position;
        if (position - last_mark_ >= limits::archive_pass_bytes) {
            marks_.push_back(last_mark_ = position);
            wake = true;
        }
        hurry_ = hurry_ || (new_segment && removing_);
        wake = wake || idle_ || hurry_;
    }
    if (wake) changed_.notify_one();
}

void archivist::stop() noexcept {
    {
        const std::lock_guard lock{mutex_};
        if (!stopping_) stop_at_ = std::chrono::steady_clock::now() + limits::archive_farewell;
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

bool archivist::has_time() const {
    const std::lock_guard lock{mutex_};
    return !stopping_ || std::chrono::steady_clock::now() < stop_at_;
}

archivist::turn archivist::wait_for_work() {
    std::unique_lock lock{mutex_};
    if (removing_) { // until the log goes on elsewhere, or whoever reads the archive is done
        changed_.wait_for(lock, limits::archive_quiet, [this] { return stopping_ || hurry_; });
        hurry_ = false;
        return {.until = synced_position_, .last = stopping_};
    }
    idle_ = true;
    changed_.wait(lock, [this] { return stopping_ || hurry_ || synced_position_ > applied_; });
    idle_ = false;
    const auto latest = std::chrono::steady_clock::now() + limits::archive_latest;
    const auto due = [this] { return stopping_ || hurry_ || last_mark_ > applied_; };
    while (!due()) {
        const std::uint64_t before = synced_position_;
        changed_.wait_for(lock, limits::archive_quiet, due);
        if (synced_position_ == before || std::chrono::steady_clock::now() >= latest) break;
    }
    const bool whole_passes = last_mark_ > applied_ && !stopping_ && !hurry_;
    hurry_ = false;
    return {.until = whole_passes ? last_mark_ : synced_position_, .last = stopping_};
}

void archivist::run() {
    this_thread::be_called("archive");
    this_thread::give_way(limits::archive_nice);
    if (!archived_before_.empty() && archived_) archived_(std::exchange(archived_before_, {}));
    for (bool more = true; more;) {
        const auto next = wait_for_work();
        more = !next.last;
        if (failures_.tripped()) return;
        auto failure = follow(next.until);
        if (!failure) failure = forget_removed();
        if (failure) {
            failures_.report(*failure);
            return;
        }
        tell_removed();
    }
    if (auto failure = archive_->write_back(true)) failures_.report(*failure);
}

outcome archivist::follow(std::uint64_t position) {
    while (applied_ < position && !failures_.tripped() && has_time()) {
        if (!cursor_) {
            cursor_.emplace(log_.cursor());
            if (auto failure = cursor_->seek(applied_)) return failure;
        }
        const auto range = log_.segments().find(applied_);
        auto done = pass(std::min(next_mark(position), range && range->end ? *range->end : position));
        if (auto* failure = std::get_if<protocol::failure>(&done)) return std::move(*failure);
        if (!std::get<0>(done)) {
            cursor_.reset();
            return {};
        }
    }
    return {};
}

std::uint64_t archivist::next_mark(std::uint64_t position) {
    const std::lock_guard lock{mutex_};
    while (!marks_.empty() && marks_.front() <= applied_)
        marks_.pop_front();
    while (marks_.size() > 1 && marks_[1] - applied_ <= limits::archive_pass_most)
        marks_.pop_front();
    return marks_.empty() ? position : std::min(position, marks_.front());
}

outcome archivist::forget_removed() {
    const auto below = archive_->removed_before();
    {
        const std::lock_guard lock{mutex_};
        removing_ = below != 0;
        if (!removing_ || stopping_) return {}; // the next run goes on with it
    }
    const auto newest = log_.segments().newest_position();
    if (newest < below) {
        log_.roll();
        return {};
    }
    if (applied_ < newest) return {};
    // The archive first: while somebody reads it as it was before, the log behind that is still needed.
    auto done = archive_->forget_pages();
    if (auto* failure = std::get_if<protocol::failure>(&done)) return std::move(*failure);
    if (!std::get<0>(done)) return {};
    done = log_.drop_below(newest, applied_, retention_.segments());
    if (auto* failure = std::get_if<protocol::failure>(&done)) return std::move(*failure);
    if (!std::get<0>(done)) return {};
    if (auto failure = archive_->forgotten()) return failure;
    const std::lock_guard lock{mutex_};
    removing_ = false;
    return {};
}

void archivist::when_removed(std::uint64_t position, std::function<void()> done) {
    {
        const std::lock_guard lock{mutex_};
        waiting_.push_back({position, std::move(done)});
        hurry_ = true;
    }
    changed_.notify_one();
}

void archivist::tell_removed() {
    std::vector<waiting> told;
    {
        const std::lock_guard lock{mutex_};
        if (removing_) return;
        const auto rest =
            std::partition(waiting_.begin(), waiting_.end(), [this](const waiting& each) { return each.position > applied_; });
        std::move(rest, waiting_.end(), std::back_inserter(told));
        waiting_.erase(rest, waiting_.end());
    }
    for (const auto& each : told)
        each.done();
}

result<bool> archivist::pass(std::uint64_t until) {
    auto done = archive_->run(
        [&]() -> result<log_entry> {
            auto read = cursor_->next(until);
            if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
            halfway_.store(std::midpoint(applied_.load(), cursor_->position()), std::memory_order_relaxed);
            return log_entry{std::get<0>(read), cursor_->position()};
        },
        until);
    if (auto* failure = std::get_if<protocol::failure>(&done)) return std::move(*failure);
    auto& archived = std::get<0>(done);
    if (!archived) {
        halfway_ = applied_.load();
        return false;
    }
    applied_ = halfway_ = until;
    conversations_ += static_cast<std::uint64_t>(std::ranges::count_if(*archived, &archived_conversation::closed));
    retention_.archived(until, std::chrono::steady_clock::now());
    auto dropped = log_.drop_below(retention_.over(), until, retention_.segments());
    if (auto* failure = std::get_if<protocol::failure>(&dropped)) return std::move(*failure);
    if (!archived->empty() && archived_) archived_(std::move(*archived));
    return true;
}

} // namespace fenliu::storage
