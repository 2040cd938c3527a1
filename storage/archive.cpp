#include "storage/archive.hpp"

#include <algorithm>

#include <sqlite3.h>

#include "protocol/limits.hpp"
#include "storage/archive_rows.hpp"
#include "storage/binding.hpp"
#include "storage/conversation_rows.hpp"
#include "storage/event_rows.hpp"
#include "storage/line_rows.hpp"
#include "storage/record_codec.hpp"
#include "storage/removal.hpp"

namespace fenliu::storage {
namespace {

/// In the order of their rows, so that a pass comes by every page once.
template <class Map>
std::vector<const typename Map::value_type*> by_name(const Map& entries) {
    std::vector<const typename Map::value_type*> all;
    all.reserve(entries.size());
    for (const auto& each : entries)
        all.push_back(&each);
    std::ranges::sort(all, {}, [](const auto* each) { return std::string_view{each->first}; });
    return all;
}

} // namespace

struct archive::statements {
    explicit statements(SQLite::Database& database)
        : conversations{database}
        , events{database}
        , find_shop{database, select(shop_columns, "shop WHERE shop = ?")}
        , find_account{database, select(account_columns, "account WHERE shop = ? AND account = ?")}
        , find_buyer{database, select(buyer_columns, "buyer WHERE shop = ? AND buyer = ?")}
        , find_line_bytes{database,
                          "SELECT length(CAST(messages AS BLOB)) + (SELECT coalesce(sum(length(CAST(p.messages AS BLOB))), 0) "
                          "FROM conversation_part p WHERE p.number = c.number) FROM conversation c WHERE c.number = ?"}
        , update_shop{database, "UPDATE shop SET made_at = ?2, credit_clock = ?3, rating = ?4, rating_from = ?5, "
                                "next_rating = ?6, next_rating_from = ?7 WHERE shop = ?1"}
        , insert_shop{database, "INSERT INTO shop VALUES (?, ?, ?, ?, ?, ?, ?)"}
        , update_account{database, "UPDATE account SET cap = ?3, participating = ?4, suspended = ?5, robot = ?6, "
                                   "credit = ?7, changed_at = ?8 WHERE shop = ?1 AND account = ?2"}
        , insert_account{database, "INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?)"}
        , update_buyer{database,
                       "UPDATE buyer SET recent_account = ?3, recent_at = ?4, recent_by_forward = ?5, last_prompt = ?6, "
                       "last_session_end = ?7, last_counted = ?8, conversations = ?9, last_conversation = ?10, traits = ?11 "
                       "WHERE shop = ?1 AND buyer = ?2"}
        , insert_buyer{database, "INSERT OR IGNORE INTO buyer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"}
        , put_meta{database, "UPDATE meta SET applied = ?, last_number = ?, removed_before = ?"} {}

    static std::string select(const char* columns, const char* where) {
        return std::string{"SELECT "} + columns + " FROM " + where;
    }

    conversation_rows conversations;
    event_rows events;
    SQLite::Statement find_shop, find_account, find_buyer, find_line_bytes, update_shop, insert_shop, update_account,
        insert_account, update_buyer, insert_buyer, put_meta;
};

archive::archive(std::unique_ptr<SQLite::Database> database, std::uint64_t applied, routing::conversation_number last_number)
    : database_{std::move(database)}
    , digests_{*database_}
    , statements_{std::make_unique<statements>(*database_)}
    , applied_{applied}
    , last_number_{last_number} {
    const auto remember = [](void* pages, sqlite3*, const char*, int now) {
        *static_cast<int*>(pages) = now;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(database_->getHandle(), remember, &wal_pages_);
}

archive::~archive() = default;

std::unique_ptr<archive> archive::on(std::unique_ptr<SQLite::Database> database) {
    std::uint64_t applied = 0, last_number = 0, removed_before = 0;
    {
        // It ends before the archive is made: a connection is closed after its statements, also when that throws.
        SQLite::Statement meta{*database, "SELECT applied, last_number, removed_before FROM meta"};
        if (!meta.executeStep()) throw std::runtime_error{"its table meta is empty"};
        applied = unsigned_of(meta.getColumn(0));
        last_number = unsigned_of(meta.getColumn(1));
        removed_before = unsigned_of(meta.getColumn(2));
    }
    std::unique_ptr<archive> made{new archive{std::move(database), applied, last_number}};
    made->removed_before_ = removed_before;
    return made;
}

result<std::unique_ptr<archive>> archive::open_to_read(const std::filesystem::path& path) {
    try {
        return on(open_archive_at_rest(path));
    } catch (const std::exception& error) {
        return protocol::failure{protocol::errc::storage_failed, path.string() + ": " + error.what()};
    }
}

result<std::unique_ptr<archive>> archive::open(const std::filesystem::path& path) {
    try {
        auto database = open_archive(path);
        std::error_code no_file;
        const auto bytes = std::filesystem::file_size(path, no_file);
        if (!no_file && bytes <= limits::archive_checked_bytes)
            if (auto failure = check_rows(*database)) return std::move(*failure);
        return on(std::move(database));
    } catch (const std::exception& error) {
        return protocol::failure{protocol::errc::storage_failed, path.string() + ": " + error.what()};
    }
}

outcome archive::write_back(bool always) {
    if (!always && wal_pages_ < limits::archive_wal_pages) return {};
    return guarded(*database_, [&]() -> outcome {
        // Meanwhile the file stays as long as it is, to be written over: that spares the system new pages.
        const int how = always ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART;
        // Nobody waits for those who read, but at the end.
        if (!always) database_->setBusyTimeout(0);
        const int status = sqlite3_wal_checkpoint_v2(database_->getHandle(), nullptr, how, nullptr, nullptr);
        database_->setBusyTimeout(limits::archive_busy_ms);
        if (status != SQLITE_OK && status != SQLITE_BUSY && status != SQLITE_LOCKED)
            throw SQLite::Exception{database_->getHandle(), status};
        return {};
    });
}

std::optional<shop_facts> archive::find_shop(const std::string& shop) {
    auto& find = statements_->find_shop;
    bind_all(find, shop);
    auto found = find.executeStep() ? std::optional{read_shop(find)} : std::nullopt;
    find.reset();
    return found;
}

std::optional<routing::account> archive::find_account(const std::string& shop, const std::string& account) {
    auto& find = statements_->find_account;
    bind_all(find, shop, account);
    auto found = find.executeStep() ? std::optional{read_account(find)} : std::nullopt;
    find.reset();
    return found;
}

std::optional<routing::buyer> archive::find_buyer(const std::string& shop, const std::string& buyer) {
    auto& find = statements_->find_buyer;
    bind_all(find, shop, buyer);
    auto found = find.executeStep() ? std::optional{read_buyer(find)} : std::nullopt;
    find.reset();
    return found;
}

std::size_t archive::line_bytes(routing::conversation_number number) {
    auto& find = statements_->find_line_bytes;
    bind_all(find, number);
    const auto found = find.executeStep() ? static_cast<std::size_t>(find.getColumn(0).getInt64()) : 0;
    find.reset();
    return found;
}

std::unique_ptr<routing::conversation> archive::find_conversation(routing::conversation_number number) {
    return number > last_number_ ? nullptr : statements_->conversations.find(number);
}

outcome archive::replay_unguarded(const record_source& next, fold& into, const record_observer& each) {
    for (;;) {
        auto got = next();
        if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
        const auto& [payload, position] = std::get<0>(got);
        if (payload.empty()) return {};
        routing::record record;
        if (!decode(payload, record))
            return protocol::failure{protocol::errc::storage_failed,
                                     "the log has a record of an unknown kind before position " + std::to_string(position)};
        if (auto failure = into.apply(record)) return failure;
        each(record, position);
    }
}

outcome archive::replay(const record_source& next, fold& into, const record_observer& each) {
    return guarded(*database_, [&] { return replay_unguarded(next, into, each); });
}

result<std::optional<std::vector<archived_conversation>>> archive::run(const record_source& next, std::uint64_t until) {
    std::optional<std::vector<archived_conversation>> archived;
    auto failure = guarded(*database_, [&]() -> outcome {
        try {
            SQLite::Transaction transaction{*database_, SQLite::TransactionBehavior::IMMEDIATE};
            fold touched{*this, fold::lines::counted};
            added_lines lines;
            auto last_number = last_number_;
            auto removed_before = removed_before_;
            if (auto failed = replay_unguarded(next, touched, [&](const routing::record& record, std::uint64_t position) {
                    statements_->events.write(record, position);
                    if (const auto* line = std::get_if<routing::line_added>(&record))
                        lines.add(*line);
                    else if (const auto* opened = std::get_if<routing::conversation_opened>(&record))
                        last_number = std::max(last_number, opened->number);
                    if (!remove(record, touched)) return;
                    removed_before = position;
                }))
                return failed;
            auto written = write(touched, lines, until - applied_ >= limits::archive_pass_bytes);
            execute(statements_->put_meta, until, last_number, removed_before);
            digests_.write();
            transaction.commit();
            statements_->conversations.keep(std::move(touched.conversations()));
            applied_ = until;
            last_number_ = last_number;
            removed_before_ = removed_before;
            archived = std::move(written);
            return {};
        } catch (const SQLite::Exception& error) {
            if (error.getErrorCode() == SQLITE_BUSY || error.getErrorCode() == SQLITE_LOCKED) return {};
            throw;
        }
    });
    if (!archived) statements_->conversations.forget();
    if (!failure && archived) failure = write_back(false);
    if (failure) return std::move(*failure);
    return archived;
}

bool archive::remove(const routing::record& record, fold& touched) {
    if (const auto* erased = std::get_if<routing::buyer_erased>(&record))
        remove_buyer(*database_, *erased, touched.take_removed());
    else if (const auto* pruned = std::get_if<routing::history_pruned>(&record))
        remove_history(*database_, *pruned, touched.take_removed());
    else
        return false;
    statements_->conversations.forget();
    return true;
}

result<bool> archive::forget_pages() {
    bool done = false;
    auto failure = guarded(*database_, [&]() -> outcome {
        if (made_anew_ != removed_before_) database_->exec("VACUUM");
        made_anew_ = removed_before_;
        SQLite::Statement truncate{*database_, "PRAGMA wal_checkpoint(TRUNCATE)"};
        done = truncate.executeStep() && truncate.getColumn(0).getInt() == 0;
        return {};
    });
    if (failure) return std::move(*failure);
    return done;
}

outcome archive::forgotten() {
    return guarded(*database_, [&]() -> outcome {
        SQLite::Transaction transaction{*database_};
        database_->exec("UPDATE meta SET removed_before = 0");
        digests_.write();
        transaction.commit();
        removed_before_ = made_anew_ = 0;
        return {};
    });
}

std::vector<archived_conversation> archive::write(fold& from, const added_lines& lines, bool large_pass) {
    for (const auto& [name, shop] : from.shops()) {
        const auto& [rating, next] = shop.facts.rating;
        put_row(statements_->update_shop, statements_->insert_shop, name, shop.facts.made_at, shop.facts.credit_clock,
                static_cast<int>(rating.rating), rating.from, static_cast<int>(next.rating), next.from);
        for (const auto& [key, account] : shop.accounts)
            put_row(statements_->update_account, statements_->insert_account, name, key, account.cap, account.participating,
                    account.suspended, account.robot, account.credit, account.changed_at);
        for (const auto* each : by_name(shop.buyers)) {
            const auto& [key, buyer] = *each;
            const auto traits = buyer.traits ? std::optional{traits_text(*buyer.traits)} : std::nullopt;
            // Whoever opened a first conversation in this pass probably has no row yet.
            const bool new_here = buyer.conversations == 1 && buyer.last_conversation > last_number_;
            put_row(new_here ? statements_->insert_buyer : statements_->update_buyer,
                    new_here ? statements_->update_buyer : statements_->insert_buyer, name, key, buyer.recent_account,
                    buyer.recent_at, buyer.recent_by_forward, buyer.last_prompt, buyer.last_session_end, buyer.last_counted,
                    buyer.conversations, buyer.last_conversation, traits);
        }
    }
    std::vector<archived_conversation> told;
    for (const auto number : from.numbers()) {
        const auto& conversation = *from.conversations().at(number);
        statements_->conversations.write(conversation,
                                         {lines.of(number), number > last_number_, !from.changed(number), large_pass});
        const auto last_seq = conversation.transcript.last_seq();
        if (!conversation.open() || last_seq > limits::dedupe_lines)
            told.push_back({conversation.shop, number, last_seq, !conversation.open()});
    }
    return told;
}

outcome archive::load(fold& into, routing::timestamp_ms closed_since) {
    return guarded(*database_, [&]() -> outcome {
        SQLite::Statement shops{*database_, statements::select(shop_columns, "shop")};
        while (shops.executeStep())
            into.add_shop(shops.getColumn(0).getString(), read_shop(shops));
        read_policies(*database_, [&](const std::string& shop, routing::policy_version each) {
            into.shops()[shop].policies.push_back(std::move(each));
        });
        read_revoked(*database_, [&](revoked_token each) { into.add_revoked(std::move(each)); });
        SQLite::Statement accounts{*database_, statements::select(account_columns, "account")};
        while (accounts.executeStep()) {
            auto account = read_account(accounts);
            const std::string name = account.name;
            into.shops()[accounts.getColumn(7).getString()].accounts.emplace(name, std::move(account));
        }
        SQLite::Statement buyers{*database_, statements::select(buyer_columns, "buyer")};
        while (buyers.executeStep())
            into.shops()[buyers.getColumn(9).getString()].buyers.emplace(buyers.getColumn(10).getString(), read_buyer(buyers));
        line_rows lines{*database_};
        SQLite::Statement conversations{
            *database_, statements::select(conversation_columns, "conversation WHERE closed_at IS NULL OR closed_at >= ?")};
        bind_all(conversations, closed_since);
        while (conversations.executeStep()) {
            auto value = read_conversation(conversations);
            lines.load_last(*value, {unsigned_of(conversations.getColumn(21)), conversations.getColumn(22).getString()});
            into.add_conversation(std::move(value));
        }
        return {};
    });
}

outcome archive::erase(routing::conversation_number number) {
    return guarded(*database_, [&]() -> outcome {
        SQLite::Transaction transaction{*database_};
        statements_->conversations.erase(number);
        digests_.write();
        transaction.commit();
        return {};
    });
}

} // namespace fenliu::storage
