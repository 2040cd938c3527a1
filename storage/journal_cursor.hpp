// Walks the records of the log across segments, from any group's end to any later one. Start-up replays with one, the archivist
// follows with another; a cursor belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "storage/segment_reader.hpp"

namespace fenliu::storage {

class journal_cursor {
public:
    journal_cursor(file_system& files, const segment_list& segments)
        : files_{files}
        , segments_{segments} {}

    /// Goes to `position`, the end of a group. Reads the segment from its start, so that the chain holds from there on.
    [[nodiscard]] outcome seek(std::uint64_t position);
    /// The next record's payload, valid until the next call; an empty one at `limit`, a group's end that is on disk. A record
    /// that isn't there or is damaged is a failure that names segment and offset.
    [[nodiscard]] result<std::string_view> next(std::uint64_t limit);
    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

private:
    /// Opens the segment that holds position_, unless it is open already.
    [[nodiscard]] outcome enter();

    file_system& files_;
    const segment_list& segments_;
    std::unique_ptr<segment_reader> reader_;
    std::uint64_t position_ = 0;
    std::uint64_t limit_ = 0;          // of the last call: bytes beyond it may have changed since they were read
    std::optional<std::uint64_t> end_; // of the open segment; nothing: it was being written when it was entered
};

/// The failure for a place in the log that can't be read as it was written.
/// (`damaged_offset` takes the offset out of it again.)
[[nodiscard]] protocol::failure damaged(const std::filesystem::path& path, std::uint64_t offset, std::string_view what);
[[nodiscard]] std::optional<std::uint64_t> damaged_offset(const protocol::failure& failure);

} // namespace fenliu::storage
