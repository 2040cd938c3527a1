// The log as one piece: recovered when it is opened, then written by its threads (writer, supply) and read through cursors.
// Owned by the durable store.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "storage/failure_latch.hpp"
#include "storage/journal_cursor.hpp"
#include "storage/journal_writer.hpp"
#include "storage/segment_list.hpp"
#include "storage/segment_supply.hpp"

namespace fenliu::storage {

class journal {
public:
    /// Recovers the log in `directory` from position `needed` on and makes its tail safe. `failures` outlives the journal.
    [[nodiscard]] static result<std::unique_ptr<journal>> open(file_system& files, const std::filesystem::path& directory,
                                                               std::size_t segment_bytes, std::uint64_t needed,
                                                               failure_latch& failures);

    void start(journal_writer::synced_callback synced);
    void commit(record_batch&& records, std::unique_ptr<release> then) noexcept {
        writer_->commit(std::move(records), std::move(then));
    }
    /// Makes the log go on in another segment, which it waits for on this thread so that the writer needn't; journal_writer's
    /// `synced` tells.
    void roll() {
        supply_.make_ready();
        writer_->roll();
    }
    void stop() noexcept;

    [[nodiscard]] journal_cursor cursor() const { return {files_, segments_}; }
    /// Removes old segments as segment_list::take_below says, for good; false while somebody reads what is past.
    [[nodiscard]] result<bool> drop_below(std::uint64_t over, std::uint64_t archived, std::size_t most);
    /// No segment is removed while one of these lives; any thread.
    class held_segments {
    public:
        explicit held_segments(const journal* log)
            : log_{log} {
            if (log_ != nullptr) log_->segments_.hold();
        }
        ~held_segments() {
            if (log_ != nullptr) log_->segments_.let_go();
        }
        held_segments(const held_segments&) = delete;
        held_segments& operator=(const held_segments&) = delete;

    private:
        const journal* log_;
    };

    /// The log holds [first_position, position) on the disk.
    [[nodiscard]] std::uint64_t first_position() const { return segments_.first_position(); }
    [[nodiscard]] std::uint64_t position() const noexcept { return writer_->position(); }
    [[nodiscard]] const segment_list& segments() const noexcept { return segments_; }
    [[nodiscard]] const journal_writer& writer() const noexcept { return *writer_; }

private:
    journal(file_system& files, const std::filesystem::path& directory, std::size_t segment_bytes, std::uint64_t next_index,
            failure_latch& failures);

    file_system& files_;
    std::filesystem::path directory_;
    mutable segment_list segments_;
    segment_supply supply_;
    std::unique_ptr<journal_writer> writer_;
};

} // namespace fenliu::storage
