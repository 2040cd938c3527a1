#include "storage/archive_schema.hpp"

#include <algorithm>
#include <mutex>
#include <set>
#include <system_error>

#include <sqlite3.h>

#include "protocol/limits.hpp"
#include "storage/archive_digest.hpp"

namespace fenliu::storage {
namespace {

/// VACUUM's transient file stands beside the first archive that is opened, where there is room for an archive and nobody else
/// reads.
void keep_transients_in(const std::filesystem::path& directory) {
    static std::once_flag once;
    std::call_once(once, [&] { sqlite3_temp_directory = sqlite3_mprintf("%s", directory.c_str()); });
}

/// Before the first connection of the process; later it changes nothing.
void prepare_library() {
    static std::once_flag once;
    std::call_once(once, [] {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); // counts that nobody reads, a lock in every allocation
    });
}

constexpr const char* settings = R"(
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA journal_size_limit = 67108864;
PRAGMA cache_size = -32768;
PRAGMA wal_autocheckpoint = 0;
PRAGMA secure_delete = ON;
)";

constexpr const char* tables = R"(
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  applied INTEGER NOT NULL,
  last_number INTEGER NOT NULL,
  removed_before INTEGER NOT NULL DEFAULT 0);
CREATE TABLE shop (
  shop TEXT PRIMARY KEY,
  made_at INTEGER NOT NULL,
  credit_clock REAL NOT NULL,
  rating INTEGER NOT NULL, rating_from INTEGER NOT NULL, next_rating INTEGER NOT NULL,
  next_rating_from INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE policy (
  shop TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (shop, version)) WITHOUT ROWID;
CREATE TABLE account (
  shop TEXT NOT NULL, account TEXT NOT NULL,
  cap INTEGER NOT NULL, participating INTEGER NOT NULL, suspended INTEGER NOT NULL, robot INTEGER NOT NULL,
  credit REAL NOT NULL, changed_at INTEGER NOT NULL,
  PRIMARY KEY (shop, account)) WITHOUT ROWID;
CREATE TABLE buyer (
  shop TEXT NOT NULL, buyer TEXT NOT NULL,
  recent_account TEXT NOT NULL, recent_at INTEGER NOT NULL, recent_by_forward INTEGER NOT NULL,
  last_prompt INTEGER NOT NULL, last_session_end INTEGER NOT NULL, last_counted INTEGER NOT NULL,
  conversations INTEGER NOT NULL, last_conversation INTEGER NOT NULL, traits TEXT,
  PRIMARY KEY (shop, buyer)) WITHOUT ROWID;
CREATE TABLE conversation (
  number INTEGER PRIMARY KEY,
  shop TEXT NOT NULL, buyer TEXT NOT NULL,
  opened_at INTEGER NOT NULL, closed_at INTEGER, close_cause TEXT,
  state TEXT NOT NULL, epoch INTEGER NOT NULL, owner TEXT NOT NULL,
  owners TEXT NOT NULL, places TEXT NOT NULL, notes TEXT NOT NULL, tags TEXT NOT NULL, lang TEXT NOT NULL,
  returning_buyer INTEGER NOT NULL, owner_spoke INTEGER NOT NULL, wait_class INTEGER NOT NULL, waiting_since INTEGER NOT NULL,
  last_line_at INTEGER NOT NULL, last_agent_seq INTEGER NOT NULL, score INTEGER NOT NULL,
  asked TEXT,
  lines INTEGER NOT NULL, buyer_lines INTEGER NOT NULL, agent_lines INTEGER NOT NULL, robot_lines INTEGER NOT NULL,
  forwards INTEGER NOT NULL, wait_ms INTEGER, first_reply_ms INTEGER,
  first_seq INTEGER NOT NULL, messages TEXT NOT NULL);
CREATE INDEX conversation_of_buyer ON conversation (shop, buyer, number);
CREATE INDEX conversation_closed ON conversation (closed_at);
CREATE TABLE conversation_part (
  number INTEGER NOT NULL, first_seq INTEGER NOT NULL, messages TEXT NOT NULL,
  PRIMARY KEY (number, first_seq));
CREATE TABLE order_event (
  position INTEGER PRIMARY KEY,
  shop TEXT NOT NULL, buyer TEXT NOT NULL, at INTEGER NOT NULL, order_id TEXT NOT NULL, status TEXT NOT NULL,
  amount_cents INTEGER NOT NULL, agent TEXT NOT NULL);
CREATE INDEX order_event_of_buyer ON order_event (shop, buyer, at);
CREATE TABLE decision (
  position INTEGER PRIMARY KEY,
  shop TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, message_id TEXT NOT NULL, reason TEXT NOT NULL,
  payload BLOB NOT NULL);
CREATE INDEX decision_of_conversation ON decision (number);
CREATE INDEX decision_of_shop ON decision (shop, position);
CREATE INDEX decision_of_message ON decision (message_id) WHERE message_id <> '';
CREATE TABLE roster_note (position INTEGER PRIMARY KEY, shop TEXT NOT NULL);
CREATE INDEX roster_note_of_shop ON roster_note (shop, position);
CREATE TABLE audit (
  position INTEGER PRIMARY KEY,
  shop TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, verb TEXT NOT NULL,
  detail TEXT, salt BLOB, digest BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE revoked_token (
  id TEXT PRIMARY KEY, at INTEGER NOT NULL, by TEXT NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIEW message AS
  SELECT c.shop, c.buyer, c.number AS conversation, p.first_seq + m.key AS seq, m.value ->> 0 AS ts, m.value ->> 1 AS side,
         m.value ->> 2 AS sender, m.value ->> 3 AS msg_id, m.value ->> 4 AS text
  FROM conversation c
  JOIN (SELECT number, first_seq, messages FROM conversation_part
        UNION ALL SELECT number, first_seq, messages FROM conversation) p ON p.number = c.number
  JOIN json_each(p.messages) m;
CREATE VIEW place AS
  SELECT c.shop, c.buyer, c.number AS conversation, p.key + 1 AS place, p.value ->> 'epoch' AS epoch, p.value ->> 'at' AS ts,
         p.value ->> 'state' AS state, p.value ->> 'owner' AS owner, p.value ->> 'reason' AS reason, p.value ->> 'causes' AS causes,
         p.value ->> 'forwarded' AS forwarded, p.value ->> 'by' AS by_account, p.value ->> 'note' AS note
  FROM conversation c JOIN json_each(c.places) p;
CREATE VIEW note AS
  SELECT c.shop, c.buyer, c.number AS conversation, n.key + 1 AS note, n.value ->> 'at' AS ts, n.value ->> 'by' AS by_account,
         n.value ->> 'request_id' AS request_id, n.value ->> 'flag' AS flag, n.value ->> 'text' AS text
  FROM conversation c JOIN json_each(c.notes) n;
)";

/// What the system said when a call of SQLite's failed; it stays with the file, the database's or its log's. 0: unknown.
int system_error(sqlite3* connection) {
    if (const int number = sqlite3_system_errno(connection); number != 0) return number;
    int number = 0;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK && number != 0) return number;
    sqlite3_file* log = nullptr;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK || log == nullptr ||
        log->pMethods == nullptr)
        return 0;
    return log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK ? number : 0;
}

/// What SQLite reads the file by; quoted, as a text and a blob of the same bytes are not the same.
std::set<std::string> definitions_of(SQLite::Database& database) {
    SQLite::Statement rows{database, "SELECT quote(type) || quote(name) || quote(tbl_name) || quote(sql) FROM sqlite_schema"};
    std::set<std::string> found;
    while (rows.executeStep())
        found.insert(rows.getColumn(0).getString());
    return found;
}

void make_tables(SQLite::Database& database) {
    add_row_sum(database);
    database.exec("PRAGMA page_size = " + std::to_string(limits::archive_page_bytes)); // heard by an empty database alone
    database.exec(settings);
    if (database.tableExists("meta")) return;
    SQLite::Transaction transaction{database, SQLite::TransactionBehavior::IMMEDIATE};
    database.exec(tables);
    database.exec("INSERT INTO meta VALUES (1, " + std::to_string(archive_version) + ", 0, 0, 0)");
    make_digests(database);
    transaction.commit();
}

} // namespace

std::string archive_text(const SQLite::Database& database, const std::exception& error) {
    std::string text = database.getFilename() + ": " + error.what();
    if (const auto* from_sqlite = dynamic_cast<const SQLite::Exception*>(&error)) {
        const int code = from_sqlite->getErrorCode() & 0xff, number = system_error(database.getHandle());
        if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && number != 0)
            text += " (" + std::generic_category().message(number) + ")";
        if (code == SQLITE_FULL) text += "; free some space on that disk";
        if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) text += "; restore the data directory from a backup";
    }
    return text;
}

bool lacks_definitions(SQLite::Database& database) {
    SQLite::Database fresh{":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
    make_tables(fresh);
    return !std::ranges::includes(definitions_of(database), definitions_of(fresh));
}

// A connection belongs to one thread at a time: OPEN_NOMUTEX spares a lock in every call.

std::unique_ptr<SQLite::Database> open_archive(const std::filesystem::path& path) {
    prepare_library();
    if (path.has_parent_path()) keep_transients_in(path.parent_path());
    auto database = std::make_unique<SQLite::Database>(
        path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, limits::archive_busy_ms);
    try {
        make_tables(*database);
    } catch (const SQLite::Exception& error) {
        throw std::runtime_error{archive_text(*database, error)};
    }
    const int version = database->execAndGet("SELECT version FROM meta").getInt();
    if (version > archive_version)
        throw std::runtime_error{"has version " + std::to_string(version) + "; start the newer fenliu that wrote it"};
    if (lacks_definitions(*database))
        throw std::runtime_error{
            "is damaged: its tables or indexes are not those that were made; restore the data directory from a "
            "backup"};
    try {
        drop_digest_triggers(*database);
    } catch (const SQLite::Exception& error) {
        throw std::runtime_error{archive_text(*database, error)};
    }
    return database;
}

std::unique_ptr<SQLite::Database> open_archive_to_read(const std::filesystem::path& path) {
    prepare_library();
    auto database =
        std::make_unique<SQLite::Database>(path.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, limits::archive_busy_ms);
    add_row_sum(*database);
    return database;
}

std::unique_ptr<SQLite::Database> open_archive_at_rest(const std::filesystem::path& path) {
    prepare_library();
    std::error_code none;
    const auto wal_bytes = std::filesystem::file_size(path.string() + "-wal", none);
    if (!none && wal_bytes > 0) return open_archive_to_read(path);
    std::string uri = "file:";
    for (const char each : path.string()) // as RFC 3986 wants it
        uri += each == '%' ? "%25" : each == '?' ? "%3f" : each == '#' ? "%23" : std::string(1, each);
    auto database =
        std::make_unique<SQLite::Database>(uri + "?immutable=1", SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX | SQLite::OPEN_URI);
    add_row_sum(*database);
    return database;
}

outcome check_rows(SQLite::Database& database) {
    return guarded(database, [&]() -> outcome {
        std::string wrong;
        if (const auto others = tables_with_other_rows(database); !others.empty())
            wrong = "the rows of its table " + others.front() + " are not those that were written";
        else if (const auto found = database.execAndGet("PRAGMA integrity_check(1)").getString(); found != "ok")
            wrong = found;
        else
            return {};
        return protocol::failure{protocol::errc::storage_failed,
                                 database.getFilename() + " is damaged: " + wrong + "; restore the data directory from a backup"};
    });
}

} // namespace fenliu::storage
