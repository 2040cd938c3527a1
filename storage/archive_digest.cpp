#include "storage/archive_digest.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <sqlite3.h>

#include "storage/binding.hpp"
#include "storage/crc32c.hpp"

namespace fenliu::storage {
namespace {

constexpr const char* digest_table =
    "CREATE TABLE digest (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, sum INTEGER NOT NULL) WITHOUT ROWID";

template <class Value>
std::uint32_t add_bytes(std::uint32_t sum, const Value& value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    return crc32c(sum, {bytes, sizeof bytes});
}

/// `real`: of a column of floating point numbers.
std::uint32_t add_value(std::uint32_t sum, sqlite3_value* value, bool real = false) {
    const int found = sqlite3_value_type(value), type = real && found == SQLITE_INTEGER ? SQLITE_FLOAT : found;
    sum = add_bytes(sum, static_cast<unsigned char>(type));
    switch (type) {
    case SQLITE_INTEGER:
        return add_bytes(sum, sqlite3_value_int64(value));
    case SQLITE_FLOAT:
        return add_bytes(sum, sqlite3_value_double(value));
    case SQLITE_TEXT:
    case SQLITE_BLOB: {
        const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
        const int size = sqlite3_value_bytes(value);
        return crc32c(add_bytes(sum, size), {bytes, static_cast<std::size_t>(size)});
    }
    default:
        return sum;
    }
}

void row_sum(sqlite3_context* context, int count, sqlite3_value** values) {
    std::uint32_t sum = 0;
    for (int i = 0; i < count; ++i)
        sum = add_value(sum, values[i]);
    sqlite3_result_int64(context, sum);
}

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::vector<std::string> tables_of(SQLite::Database& database) {
    std::vector<std::string> names;
    SQLite::Statement rows{database, "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND "
                                     "name <> 'digest' AND name NOT LIKE 'sqlite%' ORDER BY name"};
    while (rows.executeStep())
        names.push_back(rows.getColumn(0).getString());
    return names;
}

/// `row_sum("a", "b", …)` of a table's columns.
std::string sum_of(SQLite::Database& database, const std::string& table) {
    std::string call = "row_sum(";
    SQLite::Statement columns{database, "SELECT name FROM pragma_table_info(?)"};
    columns.bind(1, table);
    while (columns.executeStep())
        call += (call.back() == '(' ? "" : ", ") + quoted(columns.getColumn(0).getString());
    return call + ')';
}

} // namespace

void add_row_sum(SQLite::Database& database) {
    const int status =
        sqlite3_create_function_v2(database.getHandle(), "row_sum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                   nullptr, row_sum, nullptr, nullptr, nullptr);
    if (status != SQLITE_OK) throw SQLite::Exception{database.getHandle(), status};
}

void make_digests(SQLite::Database& database) {
    database.exec(digest_table);
    for (const auto& table : tables_of(database))
        database.exec("INSERT INTO digest SELECT '" + table + "', count(*), coalesce(sum(" + sum_of(database, table) +
                      "), 0) FROM " + quoted(table));
}

void drop_digest_triggers(SQLite::Database& database) {
    std::vector<std::string> names;
    SQLite::Statement triggers{database, "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'digest_*'"};
    while (triggers.executeStep())
        names.push_back(triggers.getColumn(0).getString());
    triggers.reset();
    for (const auto& name : names)
        database.exec("DROP TRIGGER " + quoted(name));
}

std::vector<std::string> tables_with_other_rows(SQLite::Database& database) {
    std::vector<std::string> found;
    for (const auto& table : tables_of(database)) {
        SQLite::Statement kept{database, "SELECT rows, sum FROM digest WHERE name = ?"};
        kept.bind(1, table);
        SQLite::Statement now{database, "SELECT count(*), coalesce(sum(" + sum_of(database, table) + "), 0) FROM " +
                                            quoted(table) + " NOT INDEXED"};
        if (!now.executeStep() || !kept.executeStep() || kept.getColumn(0).getInt64() != now.getColumn(0).getInt64() ||
            kept.getColumn(1).getInt64() != now.getColumn(1).getInt64())
            found.push_back(table);
    }
    return found;
}

row_digests::row_digests(SQLite::Database& database)
    : database_{database}
    , add_{database, "UPDATE digest SET rows = rows + ?, sum = sum + ? WHERE name = ?"} {
    for (const auto& table : tables_of(database)) {
        auto& of = changes_[table];
        SQLite::Statement columns{database, "SELECT type FROM pragma_table_info(?)"};
        columns.bind(1, table);
        while (columns.executeStep())
            of.real.push_back(columns.getColumn(0).getString() == "REAL");
    }
    sqlite3_preupdate_hook(
        database.getHandle(),
        [](void* self, sqlite3*, int what, const char* where, const char* table, sqlite3_int64, sqlite3_int64) {
            if (std::strcmp(where, "main") == 0) static_cast<row_digests*>(self)->row_changes(what, table);
        },
        this);
    sqlite3_rollback_hook(
        database.getHandle(), [](void* self) { static_cast<row_digests*>(self)->forget(); }, this);
    sqlite3_commit_hook(
        database.getHandle(),
        [](void* self) {
            const auto& of = *static_cast<row_digests*>(self);
            return std::ranges::all_of(of.changes_, [](const auto& each) { return each.second.none(); }) ? 0 : 1;
        },
        this);
}

row_digests::~row_digests() {
    sqlite3_preupdate_hook(database_.getHandle(), nullptr, nullptr);
    sqlite3_rollback_hook(database_.getHandle(), nullptr, nullptr);
    sqlite3_commit_hook(database_.getHandle(), nullptr, nullptr);
}

void row_digests::row_changes(int what, std::string_view table) {
    const auto found = changes_.find(table);
    if (found == changes_.end()) return; // digest itself
    auto& of = found->second;
    if (what != SQLITE_INSERT) {
        --of.rows;
        of.sum -= sum_of(of, sqlite3_preupdate_old);
    }
    if (what != SQLITE_DELETE) {
        ++of.rows;
        of.sum += sum_of(of, sqlite3_preupdate_new);
    }
}

std::int64_t row_digests::sum_of(const change& of, read_column read) {
    std::uint32_t sum = 0;
    for (std::size_t column = 0; column < of.real.size() && failed_ == SQLITE_OK; ++column) {
        sqlite3_value* value = nullptr;
        failed_ = read(database_.getHandle(), static_cast<int>(column), &value);
        if (failed_ == SQLITE_OK) sum = add_value(sum, value, of.real[column]);
    }
    return sum;
}

void row_digests::write() {
    if (failed_ != SQLITE_OK) throw SQLite::Exception{database_.getHandle(), failed_};
    for (auto& [table, of] : changes_) {
        if (of.none()) continue;
        execute(add_, of.rows, of.sum, table);
        of.rows = of.sum = 0;
    }
}

void row_digests::forget() noexcept {
    for (auto& [table, of] : changes_)
        of.rows = of.sum = 0;
    failed_ = SQLITE_OK;
}

} // namespace fenliu::storage
