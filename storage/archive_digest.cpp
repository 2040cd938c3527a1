#include "storage/archive_digest.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include <sqlite3.h>

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

std::uint32_t add_value(std::uint32_t sum, sqlite3_value* value) {
    const int type = sqlite3_value_type(value);
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

/// `row_sum(P."a", P."b", …)` of a table's columns, as they are called after `prefix`.
std::string sum_of(SQLite::Database& database, const std::string& table, const std::string& prefix) {
    std::string call = "row_sum(";
    SQLite::Statement columns{database, "SELECT name FROM pragma_table_info(?)"};
    columns.bind(1, table);
    while (columns.executeStep())
        call += (call.back() == '(' ? "" : ", ") + prefix + quoted(columns.getColumn(0).getString());
    return call + ')';
}

std::array<std::string, 3> triggers_of(SQLite::Database& database, const std::string& table) {
    const std::string before = sum_of(database, table, "old."), after = sum_of(database, table, "new.");
    const auto made = [&](const std::string& when, const std::string& change) {
        return "CREATE TRIGGER " + quoted("digest_" + table + "_" + when) + " AFTER " + when + " ON " + quoted(table) +
               " BEGIN UPDATE digest SET " + change + " WHERE name = '" + table + "'; END";
    };
    return {made("INSERT", "rows = rows + 1, sum = sum + " + after), made("DELETE", "rows = rows - 1, sum = sum - " + before),
            made("UPDATE", "sum = sum - " + before + " + " + after)};
}

} // namespace

void add_row_sum(SQLite::Database& database) {
    const int status =
        sqlite3_create_function_v2(database.getHandle(), "row_sum", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                   nullptr, row_sum, nullptr, nullptr, nullptr);
    if (status != SQLITE_OK) throw SQLite::Exception{database.getHandle(), status};
}

void keep_digests(SQLite::Database& database) {
    database.exec(digest_table);
    for (const auto& table : tables_of(database)) {
        for (const auto& trigger : triggers_of(database, table))
            database.exec(trigger);
        database.exec("INSERT INTO digest SELECT '" + table + "', count(*), coalesce(sum(" + sum_of(database, table, "") +
                      "), 0) FROM " + quoted(table));
    }
}

std::vector<std::string> tables_with_other_rows(SQLite::Database& database) {
    std::vector<std::string> found;
    for (const auto& table : tables_of(database)) {
        SQLite::Statement kept{database, "SELECT rows, sum FROM digest WHERE name = ?"};
        kept.bind(1, table);
        SQLite::Statement now{database, "SELECT count(*), coalesce(sum(" + sum_of(database, table, "") + "), 0) FROM " +
                                            quoted(table) + " NOT INDEXED"};
        if (!now.executeStep() || !kept.executeStep() || kept.getColumn(0).getInt64() != now.getColumn(0).getInt64() ||
            kept.getColumn(1).getInt64() != now.getColumn(1).getInt64())
            found.push_back(table);
    }
    return found;
}

} // namespace fenliu::storage
