// The tables of the archive (storage/FORMAT.md) and how a connection to them is opened. SQLite's exceptions leave these
// functions; the archive's own files catch them.
#pragma once

#include <filesystem>
#include <memory>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "storage/file_system.hpp"

namespace fenliu::storage {

inline constexpr int archive_version = 1;

/// Opens for writing and makes the tables if there are none. `:memory:` is a database that nobody else sees.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_archive(const std::filesystem::path& path);
/// A connection that reads only, to a database that is there.
[[nodiscard]] std::unique_ptr<SQLite::Database> open_archive_to_read(const std::filesystem::path& path);

/// Runs `step`, which may throw, and makes a failure of what it throws.
template <class Step>
[[nodiscard]] outcome guarded(const SQLite::Database& database, Step&& step) {
    try {
        return step();
    } catch (const SQLite::Exception& error) {
        const auto* remedy = error.getErrorCode() == SQLITE_FULL ? "; free some space on that disk" : "";
        return protocol::failure{protocol::errc::storage_failed, database.getFilename() + ": " + error.what() + remedy};
    } catch (const std::exception& error) {
        return protocol::failure{protocol::errc::storage_failed, database.getFilename() + ": " + error.what()};
    }
}

} // namespace fenliu::storage
