#include "storage/event_rows.hpp"

#include <algorithm>
#include <limits>

#include "storage/archive_rows.hpp"
#include "storage/audit_chain.hpp"
#include "storage/binding.hpp"
#include "storage/record_codec.hpp"

namespace fenliu::storage {
namespace {

constexpr const char* version_columns = "version, at, by, source, note, length(CAST(text AS BLOB)), text";

routing::policy_version version_of(SQLite::Statement& row) {
    routing::policy_version found;
    found.version = row.getColumn(0).getUInt();
    found.at = row.getColumn(1).getInt64();
    found.by = row.getColumn(2).getString();
    found.source = row.getColumn(3).getString();
    found.note = row.getColumn(4).getString();
    found.bytes = static_cast<std::size_t>(row.getColumn(5).getInt64());
    found.text = row.getColumn(6).getString();
    return found;
}

/// Positions and numbers are below 2^63.
std::int64_t bound_of(std::uint64_t below) {
    return below == 0 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(below);
}

} // namespace

event_rows::event_rows(SQLite::Database& database)
    : put_order_{database, "INSERT INTO order_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)"}
    , put_decision_{database, "INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?)"}
    , put_note_{database, "INSERT INTO roster_note VALUES (?, ?)"}
    , put_policy_{database, "INSERT OR REPLACE INTO policy VALUES (?, ?, ?, ?, ?, ?, ?)"}
    , put_deed_{database, "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"}
    , put_revoked_{database, "INSERT OR REPLACE INTO revoked_token VALUES (?, ?, ?, ?)"}
    , last_hash_{database, "SELECT hash FROM audit ORDER BY position DESC LIMIT 1"} {}

void event_rows::write(const routing::record& record, std::uint64_t position) {
    std::visit(
        [&]<class Fact>(const Fact& fact) {
            if constexpr (requires { this->add(fact, position); }) add(fact, position);
        },
        record);
}

void event_rows::add(const routing::order_changed& fact, std::uint64_t position) {
    const std::string shop{fact.shop}, buyer{fact.buyer}, order{fact.order_id}, status{protocol::name(fact.status)},
        agent{fact.agent};
    execute(put_order_, position, shop, buyer, fact.at, order, status, fact.amount_cents, agent);
}

void event_rows::add(const routing::decision_made& fact, std::uint64_t position) {
    const std::string shop{fact.shop}, message{fact.message_id}, reason{routing::name(fact.reason)};
    std::string payload;
    encode(payload, fact);
    put_decision_.reset();
    put_decision_.bind(7, payload.data(), static_cast<int>(payload.size()));
    int index = 0;
    bind_one(put_decision_, ++index, position);
    bind_one(put_decision_, ++index, shop);
    bind_one(put_decision_, ++index, fact.number);
    bind_one(put_decision_, ++index, fact.at);
    bind_one(put_decision_, ++index, message);
    bind_one(put_decision_, ++index, reason);
    put_decision_.exec();
}

void event_rows::add(const routing::roster_noted& fact, std::uint64_t position) {
    if (fact.part != 1) return;
    const std::string shop{fact.shop};
    execute(put_note_, position, shop);
}

void event_rows::add(const routing::policy_part& fact, std::uint64_t) { parts_[std::string{fact.shop}] += fact.text; }

void event_rows::add(const routing::policy_set& fact, std::uint64_t) {
    const std::string shop{fact.shop};
    const auto whole = routing::policy_version::of(fact, parts_[shop] + std::string{fact.text});
    parts_.erase(shop);
    execute(put_policy_, shop, whole.version, whole.at, whole.by, whole.source, whole.note, whole.text);
}

void event_rows::add(const routing::admin_acted& fact, std::uint64_t position) {
    const std::string shop{fact.shop}, by{fact.by}, verb{fact.verb}, detail{fact.detail};
    last_hash_.reset();
    const auto before = last_hash_.executeStep() ? last_hash_.getColumn(0).getString() : std::string{};
    last_hash_.reset();
    const auto salt = fresh_salt(), digest = detail_digest(salt, detail), hash = link_hash(before, position, fact, digest);
    bind_all(put_deed_, position, shop, fact.at, by, verb, detail);
    int index = 6;
    for (const auto* blob : {&salt, &digest, &hash})
        put_deed_.bindNoCopy(++index, blob->data(), static_cast<int>(blob->size()));
    put_deed_.exec();
}

void event_rows::add(const routing::token_revoked& fact, std::uint64_t) {
    const std::string id{fact.id}, by{fact.by};
    execute(put_revoked_, id, fact.at, by, fact.expires_at);
}

std::vector<stored_decision> read_decisions(SQLite::Database& from, const decision_query& query) {
    // The newest come first, so that the limit keeps them.
    SQLite::Statement rows{from, "SELECT position, payload FROM decision WHERE " +
                                     std::string{query.number != 0 ? "shop = ? AND number = ?" : "shop = ?"} +
                                     " ORDER BY position DESC"};
    if (query.number != 0)
        bind_all(rows, query.shop, query.number);
    else
        bind_all(rows, query.shop);
    std::vector<stored_decision> found;
    while (found.size() < query.limit && rows.executeStep()) {
        const auto payload = rows.getColumn(1);
        found.push_back({unsigned_of(rows.getColumn(0)),
                         std::string{static_cast<const char*>(payload.getBlob()), static_cast<std::size_t>(payload.getBytes())}});
    }
    std::ranges::reverse(found);
    return found;
}

routing::conversation_number find_message(SQLite::Database& from, const std::string& shop, const std::string& id) {
    for (const char* where : {"SELECT number FROM decision WHERE message_id = ?1 AND (?2 = '' OR shop = ?2) LIMIT 1",
                              "SELECT conversation FROM message WHERE msg_id = ?1 AND (?2 = '' OR shop = ?2) LIMIT 1"}) {
        SQLite::Statement row{from, where};
        bind_all(row, id, shop);
        if (row.executeStep()) return unsigned_of(row.getColumn(0));
    }
    return 0;
}

std::optional<std::uint64_t> find_note(SQLite::Database& from, const std::string& shop, std::uint64_t position) {
    SQLite::Statement row{from, "SELECT max(position) FROM roster_note WHERE shop = ? AND position <= ?"};
    bind_all(row, shop, position);
    if (!row.executeStep() || row.getColumn(0).isNull()) return std::nullopt;
    return unsigned_of(row.getColumn(0));
}

std::optional<routing::policy_version> read_policy(SQLite::Database& from, const std::string& shop, std::uint32_t version) {
    SQLite::Statement row{from, std::string{"SELECT "} + version_columns + " FROM policy WHERE shop = ? AND version = ?"};
    bind_all(row, shop, version);
    if (!row.executeStep()) return std::nullopt;
    return version_of(row);
}

void read_policies(SQLite::Database& from, const std::function<void(const std::string& shop, routing::policy_version)>& each) {
    SQLite::Statement rows{from, "SELECT version, at, by, source, note, length(CAST(text AS BLOB)), "
                                 "CASE WHEN version = max(version) OVER (PARTITION BY shop) OR (source = 'configuration' AND "
                                 "version = max(version) FILTER (WHERE source = 'configuration') OVER (PARTITION BY shop)) "
                                 "THEN text ELSE '' END, shop FROM policy ORDER BY shop, version"};
    while (rows.executeStep())
        each(rows.getColumn(7).getString(), version_of(rows));
}

void read_revoked(SQLite::Database& from, const std::function<void(revoked_token)>& each) {
    SQLite::Statement rows{from, "SELECT id, at, by, expires_at FROM revoked_token ORDER BY id"};
    while (rows.executeStep())
        each({rows.getColumn(0).getString(), rows.getColumn(1).getInt64(), rows.getColumn(2).getString(),
              rows.getColumn(3).getInt64()});
}

std::vector<stored_deed> read_deeds(SQLite::Database& from, const deed_query& query) {
    SQLite::Statement rows{from, "SELECT position, shop, at, by, verb, detail FROM audit WHERE position < ?1 AND "
                                 "(?2 = '' OR shop = ?2) ORDER BY position DESC LIMIT ?3"};
    bind_all(rows, bound_of(query.below), query.shop, query.limit);
    std::vector<stored_deed> found;
    while (rows.executeStep())
        found.push_back({unsigned_of(rows.getColumn(0)), rows.getColumn(1).getString(), rows.getColumn(2).getInt64(),
                         rows.getColumn(3).getString(), rows.getColumn(4).getString(), rows.getColumn(5).getString()});
    return found;
}

} // namespace fenliu::storage
