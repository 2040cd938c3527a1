// Binds the parameters of a statement from one call; the types are those the archive stores. Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>

#include <SQLiteCpp/SQLiteCpp.h>

namespace fenliu::storage {

inline void bind_one(SQLite::Statement& to, int index, const std::string& text) { to.bindNoCopy(index, text); }
inline void bind_one(SQLite::Statement& to, int index, double value) { to.bind(index, value); }
template <class Integer>
requires std::is_integral_v<Integer>
void bind_one(SQLite::Statement& to, int index, Integer value) { to.bind(index, static_cast<std::int64_t>(value)); }
template <class Value>
void bind_one(SQLite::Statement& to, int index, const std::optional<Value>& value) {
    if (value)
        bind_one(to, index, *value);
    else
        to.bind(index);
}

/// Binds from the first parameter on; texts are not copied, they must live until the statement has run.
template <class... Values>
void bind_all(SQLite::Statement& to, const Values&... values) {
    to.reset();
    int index = 0;
    (bind_one(to, ++index, values), ...);
}

/// Binds and runs a statement that gives no rows; returns how many it changed.
template <class... Values>
int execute(SQLite::Statement& statement, const Values&... values) {
    bind_all(statement, values...);
    return statement.exec();
}

/// Runs one of two statements that change the same row: the other one where the likely one finds none, or one too many.
template <class... Values>
void put_row(SQLite::Statement& likely, SQLite::Statement& other, const Values&... values) {
    if (execute(likely, values...) == 0) execute(other, values...);
}

} // namespace fenliu::storage
