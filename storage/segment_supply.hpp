// Makes segments ahead of their use: filled with zeros, synced and named, so that writing to one changes data and nothing else
// on the disk. One thread of its own keeps one segment ready; the writer takes it.
#pragma once

#include <atomic>
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

    enum class syncs : std::uint8_t {
        once,      ///< soonest done, while nobody writes the log
        by_portion ///< what of the log is synced meanwhile waits for one portion at most
    };
    /// Makes the next segment now, on this thread; before start().
    [[nodiscard]] result<prepared_segment> make(std::size_t bytes, syncs how = syncs::once);
    void start();
    /// The next segment; waits until it is ready. A failure to make it has been reported by then, and ended the thread.
    [[nodiscard]] result<prepared_segment> take();
    /// Ends the thread; a segment that nobody took is removed.
    void stop() noexcept;

private:
    void run();

    file_system& files_;
    const std::filesystem::path directory_;
    const std::size_t segment_bytes_;
    failure_latch& failures_;
    std::uint64_t next_index_; // of whoever makes: the caller before start(), then the thread
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<result<prepared_segment>> ready_;
    std::atomic<bool> stopping_{false}; // changes under the lock
    std::thread thread_;
};

} // namespace fenliu::storage
