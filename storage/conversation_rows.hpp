// Writes conversations into the archive. A row holds a conversation's state, its measures and its newest lines while they are
// few; once they are limits::archive_rewritten_lines, or when a pass is large, they move to rows of their own
// (conversation_part), at most limits::archive_part_lines in each. What the last pass wrote of open conversations is known
// without reading it. Part of the archive: same thread; throws as SQLite does.
#pragma once

#include <optional>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "routing/conversation.hpp"
#include "storage/added_lines.hpp"
#include "storage/fold.hpp"

namespace fenliu::storage {

/// What is known of a conversation that a pass touched.
struct touch {
    const added_lines::of_one* added = nullptr; ///< lines since its row was written; null: none
    bool certainly_new = false;                 ///< its row need not be looked for
    bool only_lines = false;                    ///< nothing else of it has changed
    bool large_pass = false;                    ///< of at least limits::archive_pass_bytes: rows are kept small
};

class conversation_rows {
public:
    explicit conversation_rows(SQLite::Database& database);

    /// Brings the row up to the value.
    void write(const routing::conversation& value, const touch& how);
    /// The state without lines, for folding; what was kept is given away.
    [[nodiscard]] std::unique_ptr<routing::conversation> find(routing::conversation_number number);
    /// A pass is committed: keeps what it folded for the next, at most limits::archive_kept, open ones rather than closed.
    void keep(fold::conversation_map&& folded);
    /// Rows are not as they were written, or not written: they have to be read.
    void forget() noexcept;
    void erase(routing::conversation_number number);

private:
    /// What the row says of the lines.
    struct measures {
        std::uint64_t lines = 0, buyer = 0, agent = 0, robot = 0;
        std::uint64_t first_seq = 1; ///< of the row's own lines
        std::optional<std::int64_t> first_reply_ms;

        [[nodiscard]] std::uint64_t in_row() const noexcept { return lines + 1 - first_seq; }
    };
    struct stored_lines : measures {
        bool known = false;         ///< there is a row
        std::string messages = "["; ///< the row's own lines, the array left open
    };

    [[nodiscard]] stored_lines find_lines(routing::conversation_number number);
    void add_lines(const routing::conversation& value, const touch& how, stored_lines& stored);
    void move_to_part(routing::conversation_number number, stored_lines& stored);

    SQLite::Statement find_, find_lines_, insert_, update_open_, update_closed_, update_lines_, insert_part_, erase_,
        erase_parts_;
    fold::conversation_map kept_;
    /// Of rows without lines of their own, which go with the row.
    std::unordered_map<routing::conversation_number, measures> kept_measures_, written_measures_;
};

} // namespace fenliu::storage
