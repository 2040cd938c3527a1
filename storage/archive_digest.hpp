// What the archive's rows amount to. SQLite's files have no checksum in them: a flipped bit in a text or a page from another time
// passes its own checks. So triggers keep, in the transaction that writes, the number of rows of each table and the sum of their
// checksums in the table `digest`, and who checks computes them anew. Belongs to the thread of the connection; throws
// SQLite::Exception.
#pragma once

#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

namespace fenliu::storage {

/// Adds the SQL function `row_sum(column, …)`, which the triggers call. A connection without it can read, and not write.
void add_row_sum(SQLite::Database& database);
/// Gives every table of a new archive its triggers and its row in `digest`. Within the caller's transaction.
void keep_digests(SQLite::Database& database);
/// The tables whose rows are not those that were written; reads all of them.
[[nodiscard]] std::vector<std::string> tables_with_other_rows(SQLite::Database& database);

} // namespace fenliu::storage
