// Makes segments ahead of their use: filled with zeros, synced and named, so that writing to one changes data and nothing else
// on the disk. A thread of its own makes the next one while the writer fills the one before, in step with it: the disk has this
// beside the log's syncs in small portions, and never all at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "storage/failure_latch.hpp"
#include "storage/file_system.hpp"

namespace fenliu::storage {

struct prepared_segment {
    std::uint64_t index = 0;
    std::filesystem::path path;
    std::unique_ptr<file> target;
    std::uint64_t bytes = 0; ///< of the file
};

class segment_supply {
public:
    segment_supply(file_system& files, std::filesystem::path directory, std::size_t segment_bytes, std::uint64_t next_index,
                   failure_latch& failures);
    ~segment_supply();

    /// Makes the next segment now, on this thread; before start().
    [[nodiscard]] result<prepared_segment> make(std::size_t bytes);
    void start();
    /// This share of the segment taken last is used, 0-1: the next one is made at twice that pace. For the writer.
    void keep_step(double used) noexcept;
    /// Makes the next segment as soon as can be, and waits until it is ready or nobody makes any; any thread.
    void make_ready();
    /// The next segment; waits until it is ready. A failure to make it has been reported by then, and ended the thread.
    [[nodiscard]] result<prepared_segment> take();
    /// Ends the thread; a segment that nobody took is removed.
    void stop() noexcept;

private:
    void run();
    /// Makes a segment in portions: `turn(at)` waits until zeros are due after `at` and says up to where, or nothing to give up.
    template <class Turn>
    [[nodiscard]] result<prepared_segment> make(std::size_t bytes, Turn turn);
    /// Sleeps until a portion is due after `at`.
    [[nodiscard]] std::optional<std::uint64_t> wait_for_turn(std::uint64_t at);

    file_system& files_;
    const std::filesystem::path directory_;
    const std::size_t segment_bytes_;
    failure_latch& failures_;
    std::uint64_t next_index_; // of whoever makes: the caller before start(), then the thread
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<result<prepared_segment>> ready_;
    std::uint64_t due_ = 0; // bytes of the next segment that are due by now
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace fenliu::storage
