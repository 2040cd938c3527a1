// The writing side of the archive: one SQLite connection that stands for the log up to a position. A pass folds the records after
// it into the rows they touch and moves the position, all in one transaction. Belongs to one thread at a time: start-up's, then
// the archivist's (memory_store: whoever holds its lock).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "storage/added_lines.hpp"
#include "storage/archive_digest.hpp"
#include "storage/archive_schema.hpp"
#include "storage/fold.hpp"

namespace fenliu::storage {

/// One record of the log and the position after it; an empty payload at the end.
struct log_entry {
    std::string_view payload;
    std::uint64_t position = 0;
};
using record_source = std::function<result<log_entry>()>;
using record_observer = std::function<void(const routing::record& record, std::uint64_t position)>;

class archive final : public fold_source {
public:
    /// Opens or makes the database; `:memory:` for one without a file. Up to limits::archive_checked_bytes all its rows are
    /// checked.
    [[nodiscard]] static result<std::unique_ptr<archive>> open(const std::filesystem::path& path);
    /// The same as it is on the disk, to read only: nothing is made, checked or changed.
    [[nodiscard]] static result<std::unique_ptr<archive>> open_to_read(const std::filesystem::path& path);
    ~archive() override;

    /// The position in the log that all of it stands for.
    [[nodiscard]] std::uint64_t applied() const noexcept { return applied_; }
    /// The position after the last record that removed something, of which the log and the archive's own log may still hold the
    /// bytes; 0: there is nothing of the kind.
    [[nodiscard]] std::uint64_t removed_before() const noexcept { return removed_before_; }
    /// Leaves no bytes of what was removed in the archive's own pages and log. As SQLite copies rows between pages, not even
    /// secure_delete does: the file is made anew, which takes its time and space. False when a reader prevented that; then it is
    /// to be tried again.
    [[nodiscard]] result<bool> forget_pages();
    /// The log below has been dropped, too: removed_before() is 0.
    [[nodiscard]] outcome forgotten();
    /// The highest number a conversation in it ever had.
    [[nodiscard]] routing::conversation_number last_number() const noexcept { return last_number_; }
    [[nodiscard]] SQLite::Database& database() noexcept { return *database_; }

    /// Folds what `next` gives, the records from applied() to `until`, and writes the rows. Nothing when another process keeps
    /// the database locked: nothing has changed then and the pass may be tried again, with the records from the beginning.
    [[nodiscard]] result<std::optional<std::vector<archived_conversation>>> run(const record_source& next, std::uint64_t until);

    /// Writes what SQLite's log has back into the database, syncs it and begins the log anew, once that has become long; or, if
    /// it must, and then empties it. SQLite would do so by itself and say nothing of an error. While somebody reads an older
    /// state, part of it stays.
    [[nodiscard]] outcome write_back(bool always);

    /// Puts everything that start-up needs into `into`: shops, accounts, buyers, and with their last lines the conversations that
    /// are open or were closed at `closed_since` or later.
    [[nodiscard]] outcome load(fold& into, routing::timestamp_ms closed_since);
    /// Decodes and folds what `next` gives, telling `each` about every record.
    [[nodiscard]] outcome replay(const record_source& next, fold& into, const record_observer& each);
    /// Removes a conversation.
    [[nodiscard]] outcome erase(routing::conversation_number number);
    /// What its lines take; 0: there is no such conversation. Throws as SQLite does.
    [[nodiscard]] std::size_t line_bytes(routing::conversation_number number);

    std::optional<shop_facts> find_shop(const std::string& shop) override;
    std::optional<routing::account> find_account(const std::string& shop, const std::string& account) override;
    std::optional<routing::buyer> find_buyer(const std::string& shop, const std::string& buyer) override;
    std::unique_ptr<routing::conversation> find_conversation(routing::conversation_number number) override;

private:
    struct statements;

    [[nodiscard]] static std::unique_ptr<archive> on(std::unique_ptr<SQLite::Database> database);
    archive(std::unique_ptr<SQLite::Database> database, std::uint64_t applied, routing::conversation_number last_number);

    [[nodiscard]] outcome replay_unguarded(const record_source& next, fold& into, const record_observer& each);
    /// Whether the record removed something.
    [[nodiscard]] bool remove(const routing::record& record, fold& touched);
    /// Returns those that archived_callback is told of.
    std::vector<archived_conversation> write(fold& from, const added_lines& lines, bool large_pass);

    std::unique_ptr<SQLite::Database> database_;
    row_digests digests_;
    std::unique_ptr<statements> statements_;
    std::uint64_t applied_;
    routing::conversation_number last_number_;
    std::uint64_t removed_before_ = 0;
    std::uint64_t made_anew_ = 0; ///< removed_before_ when the file was
    int wal_pages_ = 0;           ///< in SQLite's log after the last commit
};

} // namespace fenliu::storage
