// Follows the log into the archive, on a thread of its own with low priority: in passes of one size while the log is
// busy, so that the disk has little of it at a time, and the rest when the log has gone quiet. Reads what is on the disk, never
// what actors hold; drops segments that are no longer needed and says which conversations have their rows.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/archive.hpp"
#include "storage/journal.hpp"
#include "storage/log_retention.hpp"

namespace fenliu::storage {

class archivist {
public:
    using archived_list = std::vector<archived_conversation>;

    /// All but the archive outlive it; `archived` are conversations to be told of first.
    archivist(journal& log, std::unique_ptr<archive> into, log_retention retention, failure_latch& failures,
              archived_list archived);
    ~archivist();

    void start(archived_callback archived);
    /// The log is on disk up to `position`, with or without having gone to another segment; for the writer, after each sync.
    void synced(std::uint64_t position, bool new_segment) noexcept;
    /// Runs `done` on the archive's thread once everything that records up to `position` removed is gone from the disk.
    void when_removed(std::uint64_t position, std::function<void()> done);
    /// Archives what is on the disk, beginning no pass after limits::archive_farewell, and ends the thread.
    void stop() noexcept;

    [[nodiscard]] std::uint64_t archived_position() const noexcept { return applied_.load(); }
    /// Not below that: what a pass that goes on has read counts by half, since its rows are not written yet.
    [[nodiscard]] std::uint64_t halfway_position() const noexcept { return halfway_.load(); }
    [[nodiscard]] std::uint64_t conversations() const noexcept { return conversations_.load(); }

private:
    void run();
    struct turn {
        std::uint64_t until; ///< position up to which passes are due
        bool last;
    };
    /// Sleeps until passes are due.
    [[nodiscard]] turn wait_for_work();
    /// Archives the log up to `position`, at most a segment a pass and about limits::archive_pass_bytes. Gives up early when
    /// somebody keeps the database locked, and when it is time to stop.
    [[nodiscard]] outcome follow(std::uint64_t position);
    /// One pass, from the cursor on; false when the database is locked.
    [[nodiscard]] result<bool> pass(std::uint64_t until);
    [[nodiscard]] bool has_time() const;
    /// Where the next pass ends at the latest: a mark, or `position`.
    [[nodiscard]] std::uint64_t next_mark(std::uint64_t position);
    /// Drops what the archive removed from its pages and from the log, which has to go on in another segment before.
    [[nodiscard]] outcome forget_removed();
    void tell_removed();

    journal& log_;
    std::unique_ptr<archive> archive_;
    log_retention retention_;
    failure_latch& failures_;
    archived_list archived_before_;
    archived_callback archived_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t synced_position_ = 0;
    std::deque<std::uint64_t> marks_; // ends of groups, at least limits::archive_pass_bytes apart
    std::uint64_t last_mark_;
    bool idle_ = false; // the thread sleeps until there is something at all
    bool stopping_ = false;
    bool removing_;      // something that was removed is still in the log
    bool hurry_ = false; // somebody waits for what was removed to be gone
    struct waiting {
        std::uint64_t position;
        std::function<void()> done;
    };
    std::vector<waiting> waiting_;
    std::chrono::steady_clock::time_point stop_at_{}; // once stopping: after it no pass begins
    std::thread thread_;
    std::optional<journal_cursor> cursor_; // at applied_, once there was something to read
    std::atomic<std::uint64_t> applied_, halfway_, conversations_{0};
};

} // namespace fenliu::storage
