// What a look at a store from outside finds: nothing in a whole one, and the place of what was damaged.
#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "protocol/limits.hpp"
#include "storage/archive_digest.hpp"
#include "storage/archive_schema.hpp"
#include "storage/journal_format.hpp"
#include "storage/journal_recovery.hpp"
#include "storage/open.hpp"
#include "storage/record_codec.hpp"
#include "storage/store_check.hpp"
#include "storage/wal_check.hpp"
#include "tests/storage/promised_release.hpp"
#include "tests/storage/story.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::storage {
namespace {

std::unique_ptr<store> open(const std::filesystem::path& directory) {
    auto opened =
        open_durable({.directory = directory, .segment_bytes = 64 * 1024, .now = [] { return routing::timestamp_ms{0}; }});
    if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    return std::get<0>(std::move(opened));
}

void commit(store& to, const std::vector<std::string>& story) {
    record_batch batch;
    for (const auto& each : story)
        add_payload(batch, each);
    std::promise<void> done;
    to.commit(std::move(batch), std::make_unique<promised_release>(done));
    ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds{20}), std::future_status::ready);
}

/// A store that was stopped in order.
struct store_at_rest {
    temporary_directory directory;
    std::vector<std::string> story = make_story(5, 400);

    store_at_rest() {
        const auto one = open(directory.path());
        one->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
        commit(*one, story);
        one->stop();
    }
    [[nodiscard]] std::filesystem::path archive() const { return directory.path() / "archive.sqlite"; }
    [[nodiscard]] store_report look() const {
        auto found = check_store(directory.path(), 0);
        if (auto* failure = std::get_if<protocol::failure>(&found)) throw std::runtime_error{failure->text};
        return std::get<0>(std::move(found));
    }
    /// Changes rows behind the store's back, as a flipped bit does.
    void change(const std::string& sql) const { SQLite::Database{archive().string(), SQLite::OPEN_READWRITE}.exec(sql); }
};

TEST(store_check, a_store_at_rest_is_whole_and_its_state_is_what_a_start_finds) {
    const store_at_rest one;
    const auto found = one.look();
    ASSERT_TRUE(found.whole()) << found.findings[0].text;
    ASSERT_TRUE(found.state);
    EXPECT_EQ(describe(*found.state), describe(fold_of(one.story)));
    EXPECT_GT(found.lines, 0U);
    EXPECT_EQ(found.archived, found.log_end);
}

TEST(store_check, changes_nothing) {
    const store_at_rest one;
    const auto listing = [&] {
        std::map<std::string, std::pair<std::uintmax_t, std::filesystem::file_time_type>> files;
        for (const auto& each : std::filesystem::directory_iterator{one.directory.path()})
            files[each.path().filename()] = {each.file_size(), each.last_write_time()};
        return files;
    };
    const auto before = listing();
    EXPECT_TRUE(one.look().whole());
    EXPECT_EQ(listing(), before);
}

TEST(store_check, a_row_that_was_changed_or_lost_is_named_by_its_table) {
    for (const auto* sql : {"UPDATE buyer SET conversations = conversations + 1", "DELETE FROM conversation WHERE number = 2",
                            "UPDATE conversation SET messages = replace(messages, 'e', 'f') WHERE number = 1"}) {
        const store_at_rest one;
        one.change(sql);
        const auto found = one.look();
        ASSERT_FALSE(found.whole()) << sql;
        EXPECT_EQ(found.findings[0].what, store_finding::kind::rows) << sql;
        EXPECT_NE(found.findings[0].text.find("restore"), std::string::npos);
    }
}

TEST(store_check, an_index_that_somebody_added_is_no_damage) {
    const store_at_rest one;
    SQLite::Database{one.archive().string(), SQLite::OPEN_READWRITE}.exec("CREATE INDEX of_state ON conversation (state)");
    EXPECT_TRUE(one.look().whole());
    EXPECT_NE(open(one.directory.path()), nullptr);
}

TEST(store_check, a_definition_that_was_changed_is_found_and_a_start_refuses_it) {
    const store_at_rest one;
    ASSERT_TRUE(one.look().whole());
    {
        SQLite::Database database{one.archive().string(), SQLite::OPEN_READWRITE};
        database.exec("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '(number)', '(number )') "
                      "WHERE name = 'decision_of_conversation'");
    }
    EXPECT_FALSE(one.look().whole());
    try {
        (void)open(one.directory.path());
        FAIL() << "it opened";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string{error.what()}.find("indexes"), std::string::npos) << error.what();
    }
}

TEST(store_check, a_conversation_with_a_missing_line_is_named) {
    const store_at_rest one;
    one.change("UPDATE conversation SET lines = lines + 1 WHERE number = 3");
    const auto found = one.look();
    const auto named = std::find_if(found.findings.begin(), found.findings.end(),
                                    [](const store_finding& each) { return each.what == store_finding::kind::conversation; });
    ASSERT_NE(named, found.findings.end());
    EXPECT_EQ(named->conversation, routing::to_id(3));
    EXPECT_FALSE(named->shop.empty());
}

TEST(store_check, a_start_refuses_an_archive_whose_rows_were_changed) {
    const store_at_rest one;
    one.change("UPDATE digest SET sum = sum + 1 WHERE name = 'conversation'");
    try {
        (void)open(one.directory.path());
        FAIL() << "it opened";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string{error.what()}.find("table conversation"), std::string::npos) << error.what();
    }
}

TEST(store_check, a_store_in_use_is_not_looked_at) {
    const temporary_directory directory;
    const auto one = open(directory.path());
    const auto found = check_store(directory.path());
    const auto* failure = std::get_if<protocol::failure>(&found);
    ASSERT_NE(failure, nullptr);
    EXPECT_NE(failure->text.find("in use by process " + std::to_string(::getpid())), std::string::npos) << failure->text;
}

TEST(store_check, another_directory_is_no_store) {
    const temporary_directory directory;
    EXPECT_TRUE(std::holds_alternative<protocol::failure>(check_store(directory.path())));
    EXPECT_TRUE(std::holds_alternative<protocol::failure>(check_store(directory.path() / "none")));
}

TEST(row_digests, stay_true_where_rows_are_written_again_and_removed) {
    auto database = open_archive(":memory:");
    row_digests digests{*database};
    const auto change = [&](const std::string& sql) {
        SQLite::Transaction transaction{*database};
        database->exec(sql);
        digests.write();
        transaction.commit();
    };
    change("INSERT OR REPLACE INTO account VALUES ('s', 'a', 5, 1, 0, 0, 1, 7)");
    change("INSERT OR REPLACE INTO account VALUES ('s', 'a', 5, 1, 0, 0, 2, 7)");
    change("UPDATE account SET credit = 3, cap = cap + 1");
    change("INSERT INTO shop VALUES ('s', 1, 0.5, 0, 0, 0, 0), ('t', 1, 2, 0, 0, 0, 0)");
    change("DELETE FROM shop WHERE shop = 's'");
    change("INSERT INTO decision VALUES (5, 's', 1, 1, '', '', x'00ff'), (6, 's', 1, 1, 'm', 'r', x'')");
    change("DELETE FROM decision");
    database->exec("VACUUM");
    EXPECT_EQ(check_rows(*database), std::nullopt);
    change("UPDATE digest SET rows = rows + 1 WHERE name = 'account'");
    EXPECT_NE(check_rows(*database), std::nullopt);
}

TEST(row_digests, of_what_was_taken_back_are_forgotten) {
    auto database = open_archive(":memory:");
    row_digests digests{*database};
    {
        SQLite::Transaction transaction{*database};
        database->exec("INSERT INTO shop VALUES ('s', 1, 0.5, 0, 0, 0, 0)");
    }
    SQLite::Transaction transaction{*database};
    database->exec("INSERT INTO shop VALUES ('t', 1, 0.5, 0, 0, 0, 0)");
    digests.write();
    transaction.commit();
    EXPECT_EQ(check_rows(*database), std::nullopt);
}

TEST(row_digests, refuse_a_commit_that_would_leave_them_behind) {
    auto database = open_archive(":memory:");
    const row_digests digests{*database};
    EXPECT_THROW(database->exec("INSERT INTO shop VALUES ('s', 1, 0.5, 0, 0, 0, 0)"), SQLite::Exception);
    EXPECT_EQ(database->execAndGet("SELECT count(*) FROM shop").getInt(), 0);
}

TEST(row_digests, take_over_from_the_triggers_of_an_earlier_archive) {
    const store_at_rest one;
    one.change("CREATE TRIGGER digest_shop_INSERT AFTER INSERT ON shop BEGIN "
               "UPDATE digest SET rows = rows + 1, sum = sum + row_sum(new.shop) WHERE name = 'shop'; END");
    ASSERT_TRUE(one.look().whole());
    {
        const auto again = open(one.directory.path());
        again->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
        std::string made;
        encode(made, routing::shop_made{"another shop", 7});
        commit(*again, {made});
        again->stop();
    }
    const auto found = one.look();
    EXPECT_TRUE(found.whole()) << found.findings[0].text;
}

TEST(log_check, finds_a_group_behind_a_gap_wherever_its_mark_stands) {
    // Longer than what is read at a time: a mark may stand across two pieces.
    namespace format = journal_format;
    const temporary_directory directory;
    const auto path = directory.path() / "0000000000000001.log";
    std::string mark;
    format::append_watermark(mark, 0, {.position = 5'000, .group_start = 4'900});
    const std::string zeros(3 * limits::copy_bytes, '\0');
    for (const std::uint64_t lost_from : {format::header_bytes, format::header_bytes + 1'000}) {
        std::ofstream{path, std::ios::binary} << zeros;
        EXPECT_EQ(check_nothing_lost(operating_system(), path, lost_from), std::nullopt);
        for (std::size_t piece = 1; piece <= 2; ++piece)
            for (std::size_t before = 0; before <= 2 * format::watermark_bytes; ++before) {
                std::string bytes = zeros;
                bytes.replace(lost_from + piece * limits::copy_bytes - before, mark.size(), mark);
                std::ofstream{path, std::ios::binary} << bytes;
                const auto failure = check_nothing_lost(operating_system(), path, lost_from);
                ASSERT_TRUE(failure) << before << " bytes before the end of piece " << piece;
                EXPECT_NE(failure->text.find("is damaged at offset " + std::to_string(lost_from)), std::string::npos);
            }
    }
}

TEST(a_start, neither_makes_nor_leaves_a_whole_segment) {
    const temporary_directory directory;
    for (int start = 1; start <= 2; ++start) {
        auto opened = open_durable({.directory = directory.path(), .now = [] { return routing::timestamp_ms{0}; }});
        auto& one = *std::get<0>(opened);
        static_cast<void>(one.take_recovered());
        one.start([](const auto&) {}, [](const auto&) {});
        commit(one, start == 1 ? make_story(5, 20) : std::vector<std::string>{});
        one.stop();
    }
    std::uintmax_t bytes = 0;
    for (const auto& each : std::filesystem::directory_iterator{directory.path()})
        if (each.path().extension() == ".log") bytes += each.file_size();
    EXPECT_GT(bytes, 0U);
    EXPECT_LE(bytes, 2 * (limits::first_segment_bytes + 4'096));
}

/// SQLite's log as a crash leaves it, with one transaction for each of `counts` pages or so.
std::string wal_of(const std::filesystem::path& path, int transactions) {
    auto database = open_archive(path);
    for (int i = 0; i < transactions; ++i)
        database->exec("INSERT INTO shop VALUES ('s" + std::to_string(i) + "', 1, 0, 0, 0, 0, 0)");
    std::ifstream from{path.string() + "-wal", std::ios::binary};
    return {std::istreambuf_iterator<char>{from}, {}};
}

TEST(wal_check, a_flipped_bit_before_the_last_transaction_is_damage_and_a_torn_end_is_not) {
    const temporary_directory directory;
    const auto path = directory.path() / "archive.sqlite";
    std::string wal = wal_of(path, 5);
    const auto check = [&](const std::string& bytes) {
        std::ofstream{path.string() + "-wal", std::ios::binary} << bytes;
        return check_wal(operating_system(), path);
    };
    EXPECT_EQ(check(wal), std::nullopt);
    const std::size_t frame = 24 + limits::archive_page_bytes;
    ASSERT_GT(wal.size(), 6 * frame);
    for (std::size_t at = 0; at + 4 * frame < wal.size(); at += 3'989) {
        std::string flipped = wal;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
        const auto failure = check(flipped);
        ASSERT_TRUE(failure) << "offset " << at;
        EXPECT_NE(failure->text.find("-wal is damaged at offset"), std::string::npos) << failure->text;
    }
    for (std::size_t end = 0; end < wal.size(); end += 4'000)
        EXPECT_EQ(check(wal.substr(0, end)), std::nullopt) << "cut at " << end;
    wal[wal.size() - 100] = static_cast<char>(wal[wal.size() - 100] ^ 1);
    EXPECT_EQ(check(wal), std::nullopt) << "nothing vouches for the last transaction";
}

} // namespace
} // namespace fenliu::storage
