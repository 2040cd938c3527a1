#include "storage/segment_supply.hpp"

#include <algorithm>
#include <string>

#include "protocol/this_thread.hpp"
#include "storage/segment_list.hpp"

namespace fenliu::storage {
namespace {

/// Zeros written per call. A sync of them takes some milliseconds, and a sync of the log that comes meanwhile waits for it.
constexpr std::size_t fill_bytes = 1024 * 1024;

} // namespace

segment_supply::segment_supply(file_system& files, std::filesystem::path directory, std::size_t segment_bytes,
                               std::uint64_t next_index, failure_latch& failures)
    : files_{files}
    , directory_{std::move(directory)}
    , segment_bytes_{segment_bytes}
    , failures_{failures}
    , next_index_{next_index} {}

segment_supply::~segment_supply() { stop(); }

result<prepared_segment> segment_supply::make(std::size_t bytes, syncs how) {
    const auto unfinished = directory_ / "next.tmp";
    prepared_segment made{.index = next_index_, .path = directory_ / segment_name(next_index_), .bytes = bytes};
    auto opened = files_.open(unfinished, file_system::mode::create);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    made.target = std::get<0>(std::move(opened));
    const std::string zeros(std::min<std::size_t>(fill_bytes, made.bytes), '\0');
    for (std::uint64_t at = 0; at < made.bytes; at += zeros.size()) {
        const auto size = std::min<std::uint64_t>(zeros.size(), made.bytes - at);
        if (auto failure = made.target->write(at, std::string_view{zeros}.substr(0, size))) return std::move(*failure);
        if (stopping_) return protocol::failure{protocol::errc::internal, "nobody needs another segment any more"};
        if (how == syncs::once && at + size < made.bytes) continue;
        if (auto failure = made.target->sync()) return std::move(*failure);
    }
    if (auto failure = files_.rename(unfinished, made.path)) return std::move(*failure);
    if (auto failure = files_.sync_directory(directory_)) return std::move(*failure);
    ++next_index_;
    return made;
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
        auto made = make(segment_bytes_, syncs::by_portion);
        if (stopping_) return; // what was begun is left as by a crash
        const auto* failure = std::get_if<protocol::failure>(&made);
        const bool failed = failure != nullptr;
        if (failed) failures_.report(*failure);
        lock.lock();
        ready_ = std::move(made);
        changed_.notify_all();
        if (failed) return;
    }
}

result<prepared_segment> segment_supply::take() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return ready_.has_value(); });
    auto taken = std::move(*ready_);
    if (taken.index() == 0) ready_.reset(); // a failure stays for the next call
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
