// A journal on a simulated disk, driven as the store drives it: numbered records go in, and what was released is remembered.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/journal.hpp"
#include "tests/storage/simulated_disk.hpp"

namespace fenliu::storage {

class journal_driver {
public:
    explicit journal_driver(simulated_disk& disk, std::size_t segment_bytes = 4096);
    /// Stops cleanly, as far as the disk lets it.
    ~journal_driver();

    /// Why it could not be opened; empty if it was.
    [[nodiscard]] const std::string& refused() const noexcept { return refused_; }
    [[nodiscard]] journal& log() noexcept { return *log_; }

    /// The texts of all records from the oldest segment on.
    [[nodiscard]] std::vector<std::string> read_all();

    void start();
    /// Hands in one batch of these records; its release remembers them.
    void commit(const std::vector<std::string>& texts);
    /// Waits until everything handed in is released or the journal has failed.
    void settle();

    [[nodiscard]] std::vector<std::string> released();
    [[nodiscard]] std::size_t failures();

private:
    class remembering;

    simulated_disk& disk_;
    failure_latch latch_;
    std::unique_ptr<journal> log_;
    std::string refused_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> released_;
    std::size_t handed_in_ = 0, settled_ = 0, failures_ = 0;
};

} // namespace fenliu::storage
