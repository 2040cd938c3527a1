// How `fenliu` prints: results to stdout (JSON or text), errors to stderr in one line. Used by the one thread the program has.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "apps/fenliu/options.hpp"
#include "protocol/message.hpp"

namespace fenliu::apps::fenliu {

/// Keeps fields in the order in which they were written.
using json = nlohmann::ordered_json;

/// Writes to stdout and flushes, so that a reader of a pipe sees it at once.
void print(std::string_view text);
/// One object on one line.
void print_json(const json& value);
/// The object on one line, whatever bytes its strings hold.
[[nodiscard]] std::string to_text(const json& value);
/// Writes `fenliu: …` to stderr and gives back the status to exit with.
exit_status complain(const problem& what);

/// `2026-03-01 10:05:00` in local time; empty for 0.
[[nodiscard]] std::string local_time(protocol::timestamp_ms at);
/// `850 ms`, `12.3 s`, `4 min 5 s`, `2 h 3 min`.
[[nodiscard]] std::string duration_text(std::int64_t milliseconds);
/// `3.14` for two places.
[[nodiscard]] std::string decimal(double value, int places);
/// A field of an answer as a table's cell: texts plain, lists joined by a comma, nil and absent as blank.
[[nodiscard]] std::string cell(const json& object, std::string_view name);
/// A field of an answer; null where it is absent, or where there is no object.
[[nodiscard]] const json& field(const json& object, std::string_view name);
/// A number of an answer; 0 where it is absent or no number.
[[nodiscard]] std::int64_t number(const json& object, std::string_view name);

/// Cells of a line if stdout is a terminal, else 0.
[[nodiscard]] std::size_t terminal_width();

} // namespace fenliu::apps::fenliu
