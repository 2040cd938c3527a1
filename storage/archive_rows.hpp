// Rows of the archive ↔ routing's values: which column holds what, and the JSON in some of them. Throws for rows that this
// version did not write. Stateless; any thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <SQLiteCpp/SQLiteCpp.h>

#include "routing/account.hpp"
#include "routing/buyer.hpp"
#include "routing/conversation.hpp"
#include "storage/fold.hpp"

namespace fenliu::storage {

// What the read functions below expect of a statement's columns, from the first on.
inline constexpr const char* shop_columns = "shop, made_at, credit_clock, rating, rating_from, next_rating, next_rating_from";
inline constexpr const char* account_columns = "account, cap, participating, suspended, robot, credit, changed_at, shop";
inline constexpr const char* buyer_columns =
    "recent_account, recent_at, recent_by_forward, last_prompt, last_session_end, last_counted, "
    "conversations, last_conversation, traits, shop, buyer";
inline constexpr const char* conversation_columns =
    "number, shop, buyer, opened_at, closed_at, close_cause, state, epoch, owner, places, notes, tags, lang, returning_buyer, "
    "owner_spoke, "
    "wait_class, waiting_since, last_line_at, last_agent_seq, score, lines, first_seq, messages, asked";

[[nodiscard]] shop_facts read_shop(SQLite::Statement& row);
[[nodiscard]] routing::account read_account(SQLite::Statement& row);
[[nodiscard]] routing::buyer read_buyer(SQLite::Statement& row);
/// Without its lines: the transcript begins after those that the archive has.
[[nodiscard]] std::unique_ptr<routing::conversation> read_conversation(SQLite::Statement& row);

[[nodiscard]] std::string places_text(const std::vector<routing::place>& places);
[[nodiscard]] std::string notes_text(const std::vector<routing::annotation>& notes);
[[nodiscard]] std::string strings_text(const std::vector<std::string>& values);
/// Nothing for a conversation without.
[[nodiscard]] std::optional<std::string> asked_text(const routing::conversation& value);
[[nodiscard]] std::string traits_text(const routing::buyer_traits& traits);
/// The accounts that ever owned the conversation, each once, in order.
[[nodiscard]] std::vector<std::string> owners_of(const routing::conversation& value);
[[nodiscard]] std::vector<std::string> read_strings(std::string_view text);

/// Lines as a JSON array of `[at, side, from, msg_id, text]`.
void append_line(std::string& messages, const routing::line_added& line);
/// Calls `each(line)` for the lines of such an array, oldest first; the first has seq `first_seq`.
void read_lines(std::string_view messages, std::uint64_t first_seq, const std::function<void(const routing::line&)>& each);

/// The text of a column, valid until the statement steps on.
[[nodiscard]] inline std::string_view text_of(const SQLite::Column& column) {
    const char* text = column.getText();
    return {text, static_cast<std::size_t>(column.getBytes())};
}
[[nodiscard]] inline std::uint64_t unsigned_of(const SQLite::Column& column) {
    return static_cast<std::uint64_t>(column.getInt64());
}

} // namespace fenliu::storage
