// Copies of a store: a backup of one that may be in use, and a data directory made from a backup. A backup is a data directory in
// the same format, so that whatever looks at one or starts on one takes it as it is. One thread; nothing of the original is
// changed, and its broker neither helps nor notices.
#pragma once

#include <cstdint>
#include <filesystem>

#include "storage/file_system.hpp"
#include "storage/store_check.hpp"

namespace fenliu::storage {

struct copied_store {
    std::uint64_t bytes = 0; ///< of files, on the disk of the copy
    store_report found;      ///< by a look at the copy when it was done; whole
};

/// Copies the store in `directory` to `target`, which must not exist or be empty: the archive as it is at one moment, then the
/// log from there on, so that everything that was acknowledged before the call is in it. On return the copy is on the disk and
/// has been looked at. A copy that is not finished has no VERSION, and nothing starts on it.
[[nodiscard]] result<copied_store> back_up(const std::filesystem::path& directory, const std::filesystem::path& target);

/// Makes a data directory of a backup. `directory` must not exist or be empty; the backup has to be whole.
[[nodiscard]] result<copied_store> restore(const std::filesystem::path& backup, const std::filesystem::path& directory);

} // namespace fenliu::storage
