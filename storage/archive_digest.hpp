// What the archive's rows amount to. SQLite's files have no checksum in them: a flipped bit in a text or a page from another time
// passes its own checks. So the table `digest` has the number of rows of each table and the sum of their checksums, kept in the
// transaction that writes, and who checks computes them anew. Belongs to the thread of the connection; throws SQLite::Exception.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

namespace fenliu::storage {

/// Adds the SQL function `row_sum(column, …)`, which checks call.
void add_row_sum(SQLite::Database& database);
/// Makes `digest` with a row for every table of a new archive. Within the caller's transaction.
void make_digests(SQLite::Database& database);
/// An archive of an earlier fenliu kept its digests by triggers, for which SQLite copied every page before it changed a row.
void drop_digest_triggers(SQLite::Database& database);
/// The tables whose rows are not those that were written; reads all of them.
[[nodiscard]] std::vector<std::string> tables_with_other_rows(SQLite::Database& database);

/// Keeps the digests of what a connection writes: it hears of every row that changes, and refuses a commit without `write`.
class row_digests {
public:
    explicit row_digests(SQLite::Database& database);
    ~row_digests();
    row_digests(const row_digests&) = delete;
    row_digests& operator=(const row_digests&) = delete;

    /// The last thing in every transaction that changes rows.
    void write();

private:
    struct change {
        std::int64_t rows = 0, sum = 0;
        std::vector<bool> real; ///< columns that hold floating point numbers, whole ones as integers
        [[nodiscard]] bool none() const noexcept { return rows == 0 && sum == 0; }
    };
    using read_column = int (*)(sqlite3*, int, sqlite3_value**);

    void row_changes(int what, std::string_view table);
    [[nodiscard]] std::int64_t sum_of(const change& of, read_column read);
    void forget() noexcept;

    SQLite::Database& database_;
    SQLite::Statement add_;
    std::map<std::string, change, std::less<>> changes_; // by table
    int failed_ = 0;                                     // SQLite's code
};

} // namespace fenliu::storage
