// Rows that stand for one record each and are never changed: orders, decisions, notes of the roster, policy versions, deeds of
// admins. Part of the archive's connection; throws SQLite::Exception.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "routing/policy_version.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

class event_rows {
public:
    explicit event_rows(SQLite::Database& database);

    /// The record that ends at `position` of the log, if it is of these kinds. Writing it again changes nothing.
    void write(const routing::record& record, std::uint64_t position);

private:
    void add(const routing::order_changed& fact, std::uint64_t position);
    void add(const routing::decision_made& fact, std::uint64_t position);
    void add(const routing::roster_noted& fact, std::uint64_t position);
    void add(const routing::policy_part& fact, std::uint64_t position);
    void add(const routing::policy_set& fact, std::uint64_t position);
    void add(const routing::admin_acted& fact, std::uint64_t position);
    void add(const routing::token_revoked& fact, std::uint64_t position);

    SQLite::Statement put_order_, put_decision_, put_note_, put_policy_, put_deed_, put_revoked_, last_hash_;
    std::map<std::string, std::string, std::less<>> parts_; ///< by shop, of a policy that is not whole yet
};

[[nodiscard]] std::vector<stored_decision> read_decisions(SQLite::Database& from, const decision_query& query);
/// The conversation in which the shop stored a line with this id; 0: none.
[[nodiscard]] routing::conversation_number find_message(SQLite::Database& from, const std::string& shop, const std::string& id);
/// Where the last note of the roster at or before `position` ends its first part.
[[nodiscard]] std::optional<std::uint64_t> find_note(SQLite::Database& from, const std::string& shop, std::uint64_t position);
[[nodiscard]] std::optional<routing::policy_version> read_policy(SQLite::Database& from, const std::string& shop,
                                                                 std::uint32_t version);
/// Every version by number, with the texts that `policy_version` promises; of all shops.
void read_policies(SQLite::Database& from, const std::function<void(const std::string& shop, routing::policy_version)>& each);
void read_revoked(SQLite::Database& from, const std::function<void(revoked_token)>& each);
[[nodiscard]] std::vector<stored_deed> read_deeds(SQLite::Database& from, const deed_query& query);

} // namespace fenliu::storage
