#include "storage/segment_supply.hpp"

#include <algorithm>
#include <string>

#include "protocol/this_thread.hpp"
#include "storage/segment_list.hpp"

namespace fenliu::storage {
namespace {

/// Zeros written and synced at a time: a sync of the log that comes meanwhile waits for at most so many, and syncs are not free.
constexpr std::uint64_t least_portion = 256 * 1024, largest_portion = 1024 * 1024;
/// The name of a segment that is being made.
constexpr auto unfinished = "next.tmp";

} // namespace

segment_supply::segment_supply(file_system& files, std::filesystem::path directory, std::size_t segment_bytes,
                               std::uint64_t next_index, failure_latch& failures)
    : files_{files}
    , directory_{std::move(directory)}
    , segment_bytes_{segment_bytes}
    , failures_{failures}
    , next_index_{next_index} {}

segment_supply::~segment_supply() { stop(); }

template <class Turn>
result<prepared_segment> segment_supply::make(std::size_t bytes, Turn turn) {
    prepared_segment made{.index = next_index_, .path = directory_ / segment_name(next_index_), .bytes = bytes};
    auto opened = files_.open(directory_ / unfinished, file_system::mode::create);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    made.target = std::get<0>(std::move(opened));
    const std::string zeros(std::min<std::uint64_t>(largest_portion, made.bytes), '\0');
    for (std::uint64_t at = 0; at < made.bytes;) {
        const auto due = turn(at);
        if (!due) return protocol::failure{protocol::errc::internal, "nobody needs another segment any more"};
        while (at < *due) {
            const auto size = std::min<std::uint64_t>(zeros.size(), *due - at);
            if (auto failure = made.target->write(at, std::string_view{zeros}.substr(0, size))) return std::move(*failure);
            at += size;
        }
        if (auto failure = made.target->sync()) return std::move(*failure);
    }
    if (auto failure = files_.rename(directory_ / unfinished, made.path)) return std::move(*failure);
    if (auto failure = files_.sync_directory(directory_)) return std::move(*failure);
    ++next_index_;
    return made;
}

result<prepared_segment> segment_supply::make(std::size_t bytes) {
    return make(bytes, [bytes](std::uint64_t) { return std::optional<std::uint64_t>{bytes}; });
}

std::optional<std::uint64_t> segment_supply::wait_for_turn(std::uint64_t at) {
    std::unique_lock lock{mutex_};
    const auto next = std::min<std::uint64_t>(at + least_portion, segment_bytes_);
    changed_.wait(lock, [&] { return stopping_ || due_ >= next; });
    if (stopping_) return {};
    return std::min(due_, at + largest_portion);
}

void segment_supply::keep_step(double used) noexcept {
    const auto due = std::min<std::uint64_t>(
        static_cast<std::uint64_t>(2 * used * static_cast<double>(segment_bytes_)) + least_portion, segment_bytes_);
    bool portion = false;
    {
        const std::lock_guard lock{mutex_};
        portion = due > due_ && (due / least_portion > due_ / least_portion || due == segment_bytes_);
        due_ = std::max(due, due_);
    }
    if (portion) changed_.notify_all();
}

void segment_supply::start() {
    thread_ = std::thread{[this] { run(); }};
}

void segment_supply::run() {
    this_thread::be_called("log segments");
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        if (ready_) {
            changed_.wait(lock);
            continue;
        }
        lock.unlock();
        auto made = make(segment_bytes_, [this](std::uint64_t at) { return wait_for_turn(at); });
        const auto* failure = std::get_if<protocol::failure>(&made);
        const bool failed = failure != nullptr;
        lock.lock();
        if (failed && stopping_) {
            static_cast<void>(files_.remove(directory_ / unfinished)); // of no use to anybody
            return;
        }
        if (failed) {
            lock.unlock();
            failures_.report(*failure);
            lock.lock();
        }
        ready_ = std::move(made);
        changed_.notify_all();
        if (failed) return;
    }
}

void segment_supply::make_ready() {
    std::unique_lock lock{mutex_};
    due_ = segment_bytes_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return stopping_ || ready_.has_value(); });
}

result<prepared_segment> segment_supply::take() {
    make_ready();
    const std::lock_guard lock{mutex_};
    if (!ready_) return protocol::failure{protocol::errc::internal, "the log ends and needs no other segment"};
    auto taken = std::move(*ready_);
    if (taken.index() == 0) ready_.reset(); // a failure stays for the next call
    due_ = 0;
    changed_.notify_all();
    return taken;
}

void segment_supply::stop() noexcept {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    if (ready_ && ready_->index() == 0)
        static_cast<void>(files_.remove(std::get<0>(*ready_).path)); // the next start would read it
    ready_.reset();
}

} // namespace fenliu::storage
