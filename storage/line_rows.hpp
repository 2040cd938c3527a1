// Reads the stored lines of conversations, chunk by chunk from the newest back. Part of whichever side of the archive holds it:
// same connection, same thread; throws as SQLite does.
#pragma once

#include <optional>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "routing/conversation.hpp"

namespace fenliu::storage {

/// Consecutive lines as one row holds them.
struct line_chunk {
    std::uint64_t first_seq = 1;
    std::string messages; ///< JSON, as archive_rows.hpp describes
};

class line_rows {
public:
    explicit line_rows(SQLite::Database& database);

    /// The chunk that ends before line `seq`; nothing if there is none.
    [[nodiscard]] std::optional<line_chunk> before(routing::conversation_number number, std::uint64_t seq);
    /// Gives a conversation read from its row its last limits::dedupe_lines lines and the time of its last agent line; `newest`
    /// are those in the row.
    void load_last(routing::conversation& value, line_chunk newest);

private:
    SQLite::Statement before_;
};

} // namespace fenliu::storage
