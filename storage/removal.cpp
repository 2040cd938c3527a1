#include "storage/removal.hpp"

#include <string>

#include "routing/conversation.hpp"
#include "storage/binding.hpp"

namespace fenliu::storage {
namespace {

using numbers = std::vector<routing::conversation_number>;

template <class... Values>
void change(SQLite::Database& in, const char* text, const Values&... values) {
    SQLite::Statement statement{in, text};
    execute(statement, values...);
}

template <class... Values>
void add_numbers(numbers& to, SQLite::Database& from, const char* text, const Values&... values) {
    SQLite::Statement rows{from, text};
    bind_all(rows, values...);
    while (rows.executeStep())
        to.push_back(static_cast<routing::conversation_number>(rows.getColumn(0).getInt64()));
}

void remove_conversations(SQLite::Database& from, const numbers& gone) {
    SQLite::Statement decision{from, "DELETE FROM decision WHERE number = ?"},
        part{from, "DELETE FROM conversation_part WHERE number = ?"}, row{from, "DELETE FROM conversation WHERE number = ?"};
    for (const auto number : gone)
        for (auto* each : {&decision, &part, &row})
            execute(*each, number);
}

} // namespace

void remove_buyer(SQLite::Database& from, const routing::buyer_erased& fact, const numbers& folded) {
    const std::string shop{fact.shop}, buyer{fact.buyer};
    numbers gone = folded;
    add_numbers(gone, from, "SELECT number FROM conversation WHERE shop = ? AND buyer = ?", shop, buyer);
    remove_conversations(from, gone);
    change(from, "DELETE FROM order_event WHERE shop = ? AND buyer = ?", shop, buyer);
    change(from, "DELETE FROM buyer WHERE shop = ? AND buyer = ?", shop, buyer);
    // The digest of the details stays, so that the chain can still be verified.
    change(from, "UPDATE audit SET detail = NULL, salt = NULL WHERE shop = ? AND detail ->> 'buyer' = ?", shop, buyer);
    for (const auto number : gone) {
        const auto id = routing::to_id(number);
        change(from, "UPDATE audit SET detail = NULL, salt = NULL WHERE shop = ? AND detail ->> 'conversation' = ?", shop, id);
    }
}

void remove_history(SQLite::Database& from, const routing::history_pruned& fact, const numbers& folded) {
    const std::string shop{fact.shop};
    numbers gone = folded;
    add_numbers(gone, from, "SELECT number FROM conversation WHERE shop = ? AND closed_at < ?", shop, fact.before);
    remove_conversations(from, gone);
    change(from, "DELETE FROM order_event WHERE shop = ? AND at < ?", shop, fact.before);
    // routing::quiet_since
    change(from,
           "DELETE FROM buyer WHERE shop = ? AND traits IS NULL AND "
           "max(recent_at, last_prompt, last_session_end, last_counted) < ? AND NOT EXISTS (SELECT 1 FROM conversation c "
           "WHERE c.shop = buyer.shop AND c.buyer = buyer.buyer AND c.closed_at IS NULL)",
           shop, fact.before);
}

} // namespace fenliu::storage
