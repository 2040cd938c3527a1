#include "storage/store_check.hpp"

#include <algorithm>

#include <SQLiteCpp/SQLiteCpp.h>

#include "protocol/limits.hpp"
#include "storage/archive.hpp"
#include "storage/archive_digest.hpp"
#include "storage/archive_rows.hpp"
#include "storage/archive_schema.hpp"
#include "storage/data_directory.hpp"
#include "storage/journal_cursor.hpp"
#include "storage/journal_recovery.hpp"
#include "storage/recovery.hpp"
#include "storage/wal_check.hpp"

namespace fenliu::storage {
namespace {

using kind = store_finding::kind;

constexpr const char* remedy = "; restore the data directory from a backup";

/// Whether there is a database with anything in it; one that can't be read has. One with a rollback journal was being made: later
/// there is none.
bool has_tables(const std::filesystem::path& path) {
    std::error_code none;
    if (!std::filesystem::exists(path, none)) return false;
    try {
        return open_archive_at_rest(path)->tableExists("meta");
    } catch (const SQLite::Exception& error) {
        return error.getExtendedErrorCode() != SQLITE_READONLY_ROLLBACK;
    }
}

/// One look; its steps run in the order in which a start would meet the damage.
class look {
public:
    look(const std::filesystem::path& directory, routing::timestamp_ms closed_since)
        : closed_since_{closed_since} {
        report_.directory = directory;
    }

    store_report run() && {
        if (auto failure = check_version(files_, report_.directory))
            find(kind::version, report_.directory / version_name, *failure);
        if (auto failure = check_wal(files_, archive_path())) find(kind::wal, archive_path().string() + "-wal", *failure);
        open_archive();
        read_log();
        if (archive_) check_archive(archive_->database());
        if (archive_ && log_read_) check_together();
        return std::move(report_);
    }

private:
    [[nodiscard]] std::filesystem::path archive_path() const { return report_.directory / archive_name; }

    void find(kind what, std::filesystem::path file, const protocol::failure& failure) {
        find({.what = what, .file = std::move(file), .offset = damaged_offset(failure), .text = failure.text});
    }
    void find(store_finding found) {
        if (report_.findings.size() < limits::store_findings) report_.findings.push_back(std::move(found));
    }

    void open_archive() {
        // An archive without tables is what a first start leaves that was cut off; the log has everything then.
        auto opened = has_tables(archive_path()) ? archive::open_to_read(archive_path()) : archive::open(":memory:");
        if (auto* failure = std::get_if<protocol::failure>(&opened))
            note(std::move(*failure));
        else
            archive_ = std::get<0>(std::move(opened));
    }

    /// What the archive doesn't stand for. Segments before are there for explaining; after a crash some of them may be missing.
    void read_log() {
        report_.archived = archive_ ? archive_->applied() : 0;
        auto found = recover_journal(files_, report_.directory, report_.archived);
        if (auto* failure = std::get_if<protocol::failure>(&found)) {
            // The text begins with the segment's path, if it is about one.
            const auto end = failure->text.find(".log");
            const std::filesystem::path segment = failure->text.substr(0, end == std::string::npos ? 0 : end + 4);
            find(kind::log, segment.empty() ? report_.directory : segment, *failure);
            return;
        }
        auto& log = std::get<0>(found);
        report_.segments = log.segments.size();
        report_.log_begin = log.segments.empty() ? 0 : log.segments.front().first_position;
        report_.log_end = log.end;
        report_.vouched = log.vouched;
        for (auto& each : log.segments)
            segments_.add(std::move(each));
        log_read_ = true;
    }

    void check_archive(SQLite::Database& database) {
        // A check that meets an unreadable page ends; the next one may still say more.
        note(guarded(database, [&] { return check_pages(database); }));
        note(guarded(database, [&] { return check_tables(database); }));
        note(guarded(database, [&] { return check_conversations(database); }));
    }

    void check_together() {
        if (report_.archived >= report_.log_begin && report_.archived <= report_.log_end) {
            if (report_.whole()) read_state(*archive_);
            return;
        }
        find({.what = kind::apart,
              .file = archive_path(),
              .text = report_.directory.string() + " does not belong together: the log holds positions " +
                      std::to_string(report_.log_begin) + " to " + std::to_string(report_.log_end) + ", " + archive_name +
                      " stands for " + std::to_string(report_.archived) + remedy});
    }
    void note(outcome failure) {
        if (!failure) return;
        if (failure->text.find(remedy) == std::string::npos) failure->text += remedy;
        find(kind::archive, archive_path(), *failure);
    }

    /// SQLite's own view: the trees and their indexes.
    outcome check_pages(SQLite::Database& database) {
        SQLite::Statement rows{database, "PRAGMA integrity_check(10)"};
        while (rows.executeStep())
            if (const auto text = rows.getColumn(0).getString(); text != "ok")
                find({.what = kind::archive, .file = archive_path(), .text = archive_path().string() + ": " + text + remedy});
        return {};
    }

    outcome check_tables(SQLite::Database& database) {
        for (const auto& table : tables_with_other_rows(database))
            find({.what = kind::rows,
                  .file = archive_path(),
                  .table = table,
                  .text = archive_path().string() + ": the rows of its table " + table + " are not those that were written" +
                          remedy});
        if (lacks_definitions(database))
            find({.what = kind::archive,
                  .file = archive_path(),
                  .text = archive_path().string() + ": its tables or indexes are not those that were made" + remedy});
        return {};
    }

    /// Every conversation has its lines 1…n, once each.
    outcome check_conversations(SQLite::Database& database) {
        report_.shops = static_cast<std::uint64_t>(database.execAndGet("SELECT count(*) FROM shop").getInt64());
        SQLite::Statement rows{database, "SELECT number, shop, lines, first_seq, messages, closed_at FROM conversation"};
        SQLite::Statement parts{database,
                                "SELECT first_seq, messages FROM conversation_part WHERE number = ? ORDER BY first_seq"};
        while (rows.executeStep()) {
            ++report_.conversations;
            report_.open += rows.getColumn(5).isNull();
            report_.lines += unsigned_of(rows.getColumn(2));
            if (auto wrong = lines_wrong(rows, parts))
                find({.what = kind::conversation,
                      .file = archive_path(),
                      .shop = rows.getColumn(1).getString(),
                      .conversation = routing::to_id(unsigned_of(rows.getColumn(0))),
                      .text = archive_path().string() + ": conversation " + routing::to_id(unsigned_of(rows.getColumn(0))) +
                              " of shop " + rows.getColumn(1).getString() + ": " + *wrong + remedy});
        }
        return {};
    }
    static std::optional<std::string> lines_wrong(SQLite::Statement& row, SQLite::Statement& parts) {
        std::uint64_t next = 1;
        bool in_order = true;
        const auto take = [&](std::uint64_t first_seq, const std::string& messages) {
            in_order = in_order && first_seq == next;
            read_lines(messages, first_seq, [&](const routing::line&) { ++next; });
        };
        try {
            parts.reset();
            parts.bind(1, row.getColumn(0).getInt64());
            while (parts.executeStep())
                take(unsigned_of(parts.getColumn(0)), parts.getColumn(1).getString());
            take(unsigned_of(row.getColumn(3)), row.getColumn(4).getString());
        } catch (const SQLite::Exception&) {
            throw;
        } catch (const std::exception& error) {
            return std::string{"its lines can't be read: "} + error.what();
        }
        if (!in_order || next != unsigned_of(row.getColumn(2)) + 1) return "lines are missing";
        return std::nullopt;
    }

    /// What a start does: the archive's state with the log after it.
    void read_state(archive& from) {
        journal_cursor cursor{files_, segments_};
        const bool more = from.applied() < report_.log_end;
        if (more)
            if (auto failure = cursor.seek(from.applied())) return find(kind::log, report_.directory, *failure);
        auto state = recover(
            from,
            [&]() -> result<log_entry> {
                if (!more) return log_entry{};
                auto read = cursor.next(report_.log_end);
                if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
                return log_entry{std::get<0>(read), cursor.position()};
            },
            closed_since_);
        if (auto* failure = std::get_if<protocol::failure>(&state))
            find({.what = kind::apart, .file = report_.directory, .text = failure->text + remedy});
        else
            report_.state = std::move(std::get<0>(state).state);
    }

    file_system& files_ = operating_system();
    const routing::timestamp_ms closed_since_;
    store_report report_;
    std::unique_ptr<archive> archive_; // null: it can't be read
    segment_list segments_;
    bool log_read_ = false;
};

} // namespace

result<store_report> check_store(const std::filesystem::path& directory, routing::timestamp_ms closed_since) {
    auto held = share_lock(directory / lock_name);
    if (auto* failure = std::get_if<protocol::failure>(&held)) return std::move(*failure);
    auto listed = operating_system().list(directory);
    if (auto* failure = std::get_if<protocol::failure>(&listed)) return std::move(*failure);
    const auto& names = std::get<0>(listed);
    if (std::find(names.begin(), names.end(), version_name) == names.end() &&
        std::find(names.begin(), names.end(), archive_name) == names.end())
        return protocol::failure{protocol::errc::not_found, directory.string() + " is no data directory of fenliu; name another"};
    return look{directory, closed_since}.run();
}

} // namespace fenliu::storage
