// Looks at a data directory from outside: whether all that was acknowledged is still there as it was written, and where it isn't.
// Reads and changes nothing; what belongs to a running broker is left alone. Used by `fenliu doctor`, and by backup and restore
// on what they made. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/file_system.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

struct store_finding {
    enum class kind : std::uint8_t {
        version,      ///< VERSION can't be read, or isn't there
        log,          ///< a segment of the log
        wal,          ///< SQLite's log
        archive,      ///< the archive can't be read, or SQLite finds it inconsistent
        rows,         ///< rows of the archive are not those that were written
        conversation, ///< a conversation's lines are not all there
        apart,        ///< the log and the archive don't belong together
    } what = kind::log;
    std::filesystem::path file;
    std::optional<std::uint64_t> offset; ///< in the file, where that is known
    std::string table;                   ///< of `rows`
    std::string shop, conversation;      ///< where they are known
    std::string text;                    ///< one English sentence with the remedy
};

struct store_report {
    std::filesystem::path directory;
    std::vector<store_finding> findings; ///< none: whole. At most limits::store_findings
    std::size_t segments = 0;
    std::uint64_t log_begin = 0, log_end = 0, archived = 0; ///< positions of the log
    std::uint64_t shops = 0, conversations = 0, open = 0, lines = 0;
    std::uint64_t vouched = 0; ///< up to here another group vouches for the log; what is behind, only the peers know
    /// What a start would find; without findings alone.
    std::optional<recovered> state;

    [[nodiscard]] bool whole() const noexcept { return findings.empty(); }
};

/// Looks at everything in `directory`. Fails only where it can't look: nothing there, no right to read, in use by a running
/// process (named). `closed_since` says which closed conversations the state has; its default leaves them out.
[[nodiscard]] result<store_report> check_store(const std::filesystem::path& directory,
                                               routing::timestamp_ms closed_since = INT64_MAX);

} // namespace fenliu::storage
