// What start-up finds in the log: which segments count, where the last whole group ends, and which part of it may be in memory
// only. Reads, never writes. A torn end is the normal trace of a crash; a break before something that was once synced is damage.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/file_system.hpp"
#include "storage/segment_list.hpp"

namespace fenliu::storage {

struct recovered_journal {
    std::vector<segment> segments;               ///< in use, oldest first
    std::vector<std::filesystem::path> leftover; ///< prepared or torn files that hold nothing
    std::uint64_t next_index = 1;
    std::uint64_t end = 0;     ///< position after the last whole group
    std::uint64_t vouched = 0; ///< everything before it is on the disk for certain
    std::uint32_t chain = 0;   ///< at `vouched`
    std::uint32_t chain_at_end = 0;
    std::string tail; ///< the bytes from `vouched` to `end`, empty if no record is among them
};

/// Examines the segments in `directory`; of those that end at or below `needed`, which the archive stands for, the headers alone.
/// Fails for damage (naming the file and the offset), for a newer format and for read errors.
[[nodiscard]] result<recovered_journal> recover_journal(file_system& files, const std::filesystem::path& directory,
                                                        std::uint64_t needed);

/// Looks behind a place where the chain breaks: damage if a watermark there vouches for bytes at or after it. `lost_from` is the
/// file's offset from which on bytes are not accounted for.
[[nodiscard]] outcome check_nothing_lost(file_system& files, const std::filesystem::path& path, std::uint64_t lost_from);

} // namespace fenliu::storage
