// Writes conversations into the archive. A row holds a conversation's state, its measures and its newest lines while they are
// few; once they are limits::archive_rewritten_lines they move to rows of their own (conversation_part), at most
// limits::archive_part_lines in each. Part of the archive: same thread; throws as SQLite does.
#pragma once

#include <optional>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "routing/conversation.hpp"
#include "storage/added_lines.hpp"

namespace fenliu::storage {

class conversation_rows {
public:
    explicit conversation_rows(SQLite::Database& database);

    /// Brings the row up to the value, with the lines that were added to it since the row was written; null: none.
    /// `certainly_new`: its row need not be looked for.
    void write(const routing::conversation& value, const added_lines::of_one* added, bool certainly_new);
    /// The state without lines, for folding.
    [[nodiscard]] std::unique_ptr<routing::conversation> find(routing::conversation_number number);
    void erase(routing::conversation_number number);

private:
    /// What the row says of the lines.
    struct stored_lines {
        bool known = false; ///< there is a row
        std::uint64_t lines = 0, buyer = 0, agent = 0, robot = 0;
        std::uint64_t first_seq = 1; ///< of the row's own lines
        std::optional<std::int64_t> first_reply_ms;
        std::string messages = "["; ///< the row's own lines, the array left open

        [[nodiscard]] std::uint64_t in_row() const noexcept { return lines + 1 - first_seq; }
    };

    [[nodiscard]] stored_lines find_lines(routing::conversation_number number);
    void add_lines(const routing::conversation& value, const added_lines::of_one& added, stored_lines& stored);
    void move_to_part(routing::conversation_number number, stored_lines& stored);

    SQLite::Statement find_, find_lines_, insert_, update_open_, update_closed_, insert_part_, erase_, erase_parts_;
};

} // namespace fenliu::storage
