// SQLite reads its write-ahead log up to the first frame that doesn't fit and forgets the rest without a word, also where the
// rest had been synced. This reads that file (https://sqlite.org/fileformat2.html#walformat) and tells a torn end from damage, as
// the journal does: a transaction that follows proves that the one before was on the disk. Stateless; any thread.
#pragma once

#include <filesystem>

#include "storage/file_system.hpp"

namespace fenliu::storage {

/// Examines the write-ahead log of the database at `database`, if there is one. Fails for damage, naming the file and the offset.
/// Nothing else may be writing it.
[[nodiscard]] outcome check_wal(file_system& files, const std::filesystem::path& database);

} // namespace fenliu::storage
