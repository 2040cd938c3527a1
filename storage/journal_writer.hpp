// The one thread that writes the log. It takes everything handed in since its last sync, writes it as one group, syncs, and only
// then runs what waited for it, in order; with nothing to do it sleeps. `commit` may be called from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "storage/failure_latch.hpp"
#include "storage/segment_list.hpp"
#include "storage/segment_supply.hpp"

namespace fenliu::storage {

/// Where the log goes on.
struct writing_place {
    std::uint64_t position = 0;
    std::uint32_t chain = 0;
    prepared_segment target;
    std::uint64_t offset = 0; ///< in `target`; 0: it is not in use yet and gets its header with the first group
};

class journal_writer {
public:
    /// Told on the writer's thread after each sync, before the releases: the position up to which records are on disk, and
    /// whether this group is the first of its segment.
    using synced_callback = std::function<void(std::uint64_t position, bool new_segment)>;

    journal_writer(segment_list& segments, segment_supply& supply, failure_latch& failures, writing_place start);
    ~journal_writer();

    void start(synced_callback synced);
    /// As store::commit.
    void commit(record_batch&& records, std::unique_ptr<release> then) noexcept;
    /// Ends the segment in use with what is handed in by then, and begins the next one with a group without records. Any thread.
    void roll() noexcept;
    /// Writes, syncs and releases what was handed in, and marks the log's end. After it commits are dropped.
    void stop() noexcept;

    /// Bytes of log on disk since the store was made, up to the last record's group.
    [[nodiscard]] std::uint64_t position() const noexcept { return synced_position_.load(); }
    [[nodiscard]] std::uint64_t records() const noexcept { return records_.load(); }
    [[nodiscard]] std::uint64_t groups() const noexcept { return groups_.load(); }

private:
    struct entry {
        record_batch records;
        std::unique_ptr<release> then;
    };

    void run();
    [[nodiscard]] outcome write(const std::vector<entry>& work);
    [[nodiscard]] outcome add(std::string_view payload);
    /// Whether so many bytes of frames still go into this segment.
    [[nodiscard]] bool fits(std::size_t bytes) const;
    /// Begins another segment before a commit that this one would cut, if one holds it.
    [[nodiscard]] outcome make_room(const record_batch& records);
    [[nodiscard]] outcome next_segment();
    /// Ends the group in the buffer with its watermark, writes and syncs it.
    [[nodiscard]] outcome write_group();
    /// The same, and counts it as durable.
    [[nodiscard]] outcome finish_group();
    void begin_segment(prepared_segment target);
    [[nodiscard]] outcome go_on_elsewhere();

    segment_list& segments_;
    segment_supply& supply_;
    failure_latch& failures_;
    synced_callback synced_;

    std::mutex mutex_;
    std::condition_variable handed_in_;
    std::vector<entry> pending_;
    bool stopping_ = false, roll_ = false;
    std::thread thread_;

    // The rest belongs to the writer's thread.
    prepared_segment target_;
    segment in_use_;            // the target as the list gets it, with its first group
    std::uint64_t offset_;      // in the target, of the next write
    std::uint64_t position_;    // in the log, of the end of the buffer
    std::uint64_t group_start_; // in the log
    std::uint32_t chain_;
    std::string buffer_; // the group being made, after the header of a segment not yet in use
    std::uint64_t group_records_ = 0;
    std::atomic<std::uint64_t> synced_position_, records_{0}, groups_{0};
};

} // namespace fenliu::storage
