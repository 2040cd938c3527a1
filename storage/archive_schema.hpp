// The tables of the archive (storage/FORMAT.md) and how a connection to them is opened. SQLite's exceptions leave these
// functions; the archive's own files catch them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "storage/file_system.hpp"

namespace fenliu::storage {

inline constexpr int archive_version = 1;

/// Opens for writing and makes the tables if there are none. `:memory:` is a database that nobody else sees. Throws
/// std::runtime_error, also for an archive that lacks one of its definitions.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_archive(const std::filesystem::path& path);
/// A connection that reads only, to a database that is there.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_archive_to_read(const std::filesystem::path& path);

/// The same for one that nobody writes. Makes no files, unless SQLite's log has something that is not written back: then its
/// index.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_archive_at_rest(const std::filesystem::path& path);

/// Whether any of a new archive's tables, indexes and views is missing or other. Throws SQLite::Exception.
[[nodiscard]] bool lacks_definitions(SQLite::Database& database);

/// What an exception of a connection says, with its file, the system's error and the remedy.
[[nodiscard]] std::string archive_text(const SQLite::Database& database, const std::exception& error);

/// Reads every row and every index, and fails for those that are not what was written, naming the table.
[[nodiscard]] outcome check_rows(SQLite::Database& database);

/// Runs `step`, which may throw, and makes a failure of what it throws.
template <class Step>
[[nodiscard]] outcome guarded(const SQLite::Database& database, Step&& step) {
    try {
        return step();
    } catch (const std::exception& error) {
        return protocol::failure{protocol::errc::storage_failed, archive_text(database, error)};
    }
}

} // namespace fenliu::storage
