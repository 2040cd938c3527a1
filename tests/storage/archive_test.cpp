#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <random>

#include "protocol/limits.hpp"
#include "storage/archive.hpp"
#include "storage/recovery.hpp"
#include "tests/storage/story.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::storage {
namespace {

std::unique_ptr<archive> open_at(const std::filesystem::path& path) {
    auto opened = archive::open(path);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    return std::get<0>(std::move(opened));
}

/// One pass over the records from the archive's position to `end`.
std::vector<archived_conversation> pass(archive& into, const std::vector<std::string>& story, std::size_t end) {
    auto done = into.run(source_of(story, into.applied(), end), end);
    if (auto* failure = std::get_if<protocol::failure>(&done)) throw std::runtime_error{failure->text};
    return std::get<0>(std::move(done)).value();
}

std::string state_of(archive& from, const std::vector<std::string>& story, std::size_t archived) {
    auto found = recover(from, source_of(story, archived, story.size()), 0);
    if (auto* failure = std::get_if<protocol::failure>(&found)) return failure->text;
    return describe(std::get<0>(found).state);
}
std::string state_of(archive& from, const std::vector<std::string>& story) { return state_of(from, story, from.applied()); }

/// Passes over a story that is archived in turns, large ones or small ones.
struct passes {
    archive& into;
    const std::vector<std::string>& story;
    std::size_t done = 0;

    void take(std::size_t records, bool large) {
        const std::size_t end = std::min(story.size(), done + records);
        const auto source = [next = source_of(story, done, end), until = into.applied()]() mutable -> result<log_entry> {
            auto got = next();
            if (auto* entry = std::get_if<log_entry>(&got); entry != nullptr && !entry->payload.empty())
                entry->position = ++until;
            return got;
        };
        auto taken = into.run(source, into.applied() + (large ? limits::archive_pass_bytes : end - done));
        if (auto* failure = std::get_if<protocol::failure>(&taken)) throw std::runtime_error{failure->text};
        done = end;
    }
};

std::int64_t number_from(archive& from, const std::string& query) { return from.database().execAndGet(query).getInt64(); }
std::string text_from(archive& from, const std::string& query) { return from.database().execAndGet(query).getString(); }

std::string line_payload(routing::conversation_number number, std::uint64_t seq, routing::side side, std::string_view from,
                         routing::timestamp_ms at) {
    std::string payload;
    const std::string id = "m" + std::to_string(seq), text = "line " + std::to_string(seq);
    encode(payload, routing::line_added{number, seq, at, side, from, id, text});
    return payload;
}

template <class Record>
std::string payload_of(const Record& fact) {
    std::string payload;
    encode(payload, fact);
    return payload;
}

TEST(archive, equals_the_fold_of_the_log) {
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        const auto story = make_story(seed, 600);
        auto all = open_at(":memory:");
        pass(*all, story, story.size());
        EXPECT_EQ(state_of(*all, story), describe(fold_of(story))) << "seed " << seed;
    }
}

TEST(archive, is_the_same_in_one_pass_or_in_many) {
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        const auto story = make_story(seed, 600);
        auto all = open_at(":memory:");
        std::mt19937 random{seed};
        while (all->applied() < story.size())
            pass(*all, story, std::min(story.size(), all->applied() + 1 + random() % 90));
        EXPECT_EQ(state_of(*all, story), describe(fold_of(story))) << "seed " << seed;
    }
}

TEST(archive, is_the_same_in_large_passes_and_small_ones) {
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        const auto story = make_story(seed, 600);
        auto all = open_at(":memory:");
        std::mt19937 random{seed};
        for (passes each{*all, story}; each.done < story.size();)
            each.take(1 + random() % 40, random() % 2 == 0);
        EXPECT_EQ(state_of(*all, story, story.size()), describe(fold_of(story))) << "seed " << seed;
    }
}

TEST(archive, does_not_write_a_line_again_in_a_large_pass) {
    std::vector<std::string> story{payload_of(routing::conversation_opened{1, "lamp", "bo", 10, {}, "", false})};
    for (std::uint64_t seq = 1; seq <= 8; ++seq)
        story.push_back(line_payload(1, seq, routing::side::buyer, "bo", 10));
    story.push_back(payload_of(routing::conversation_closed{1, 12, "silence"}));
    auto all = open_at(":memory:");
    const auto in_row = [&] { return number_from(*all, "SELECT json_array_length(messages) FROM conversation"); };
    const auto parts = [&] {
        return text_from(*all, "SELECT group_concat(json_array_length(messages)) FROM conversation_part ORDER BY first_seq");
    };
    passes each{*all, story};
    each.take(4, true);
    EXPECT_EQ(in_row(), 3) << "a new conversation is one row";
    each.take(2, true);
    EXPECT_EQ(parts(), "5");
    EXPECT_EQ(in_row(), 0);
    each.take(1, true);
    EXPECT_EQ(parts(), "5,1");
    each.take(3, true);
    EXPECT_EQ(parts(), "5,1");
    EXPECT_EQ(in_row(), 2) << "what closes is written anyway";
    EXPECT_EQ(number_from(*all, "SELECT count(*) FROM message WHERE text = 'line ' || seq"), 8);
    EXPECT_EQ(state_of(*all, story, story.size()), describe(fold_of(story)));
}

TEST(archive, knows_nothing_of_a_pass_that_was_taken_back) {
    const auto story = make_story(5, 400);
    auto some = open_at(":memory:");
    pass(*some, story, 150);
    for (std::size_t stop = 151; stop < 400; stop += 9) {
        auto given = some->applied();
        auto broken = some->run(
            [&]() -> result<log_entry> {
                if (given == stop) return protocol::failure{protocol::errc::storage_failed, "read error"};
                return log_entry{story[given], ++given};
            },
            400);
        ASSERT_TRUE(std::holds_alternative<protocol::failure>(broken));
        pass(*some, story, stop);
    }
    pass(*some, story, story.size());
    EXPECT_EQ(state_of(*some, story), describe(fold_of(story)));
}

TEST(archive, knows_nothing_of_a_conversation_that_was_removed) {
    const std::vector<std::string> story{payload_of(routing::conversation_opened{1, "lamp", "bo", 10, {}, "", false}),
                                         line_payload(1, 1, routing::side::buyer, "bo", 10),
                                         payload_of(routing::conversation_closed{1, 12, "silence"}),
                                         payload_of(routing::buyer_erased{"lamp", "bo", 13, "boss"}),
                                         payload_of(routing::note_added{1, 14, "lamp", "r1", "", "too late"})};
    auto all = open_at(":memory:");
    for (std::size_t end : {2U, 3U, 5U})
        pass(*all, story, end);
    EXPECT_EQ(number_from(*all, "SELECT count(*) FROM conversation"), 0);
}

TEST(archive, with_the_rest_of_the_log_is_the_same_wherever_it_stopped) {
    const auto story = make_story(3, 300);
    const std::string expected = describe(fold_of(story));
    for (std::size_t stop = 0; stop <= story.size(); stop += 7) {
        auto some = open_at(":memory:");
        pass(*some, story, stop);
        EXPECT_EQ(state_of(*some, story), expected) << "archived up to record " << stop;
    }
}

TEST(archive, goes_on_where_it_was_after_a_pass_that_did_not_end) {
    const temporary_directory directory;
    const auto story = make_story(5, 400);
    {
        auto some = open_at(directory.path() / "a.sqlite");
        pass(*some, story, 150);
        // The log ends in an error in the middle of the second pass: nothing of it stays.
        std::size_t given = 150;
        auto broken = some->run(
            [&]() -> result<log_entry> {
                if (given == 300) return protocol::failure{protocol::errc::storage_failed, "read error"};
                return log_entry{story[given], ++given};
            },
            400);
        ASSERT_TRUE(std::holds_alternative<protocol::failure>(broken));
        EXPECT_EQ(some->applied(), 150U);
    }
    auto again = open_at(directory.path() / "a.sqlite");
    EXPECT_EQ(again->applied(), 150U);
    pass(*again, story, story.size());
    EXPECT_EQ(state_of(*again, story), describe(fold_of(story)));
}

TEST(archive, on_a_full_disk_says_what_helps) {
    const auto story = make_story(5, 400);
    auto full = open_at(":memory:");
    full->database().exec("PRAGMA max_page_count = 1"); // as many as there are now
    auto done = full->run(source_of(story, 0, story.size()), story.size());
    ASSERT_TRUE(std::holds_alternative<protocol::failure>(done));
    EXPECT_NE(std::get<protocol::failure>(done).text.find("free some space"), std::string::npos)
        << std::get<protocol::failure>(done).text;
}

TEST(archive, waits_while_somebody_else_has_it_locked) {
    const temporary_directory directory;
    const auto story = make_story(5, 50);
    auto ours = open_at(directory.path() / "a.sqlite");
    ours->database().setBusyTimeout(0);
    SQLite::Database shell{(directory.path() / "a.sqlite").string(), SQLite::OPEN_READWRITE};
    shell.exec("BEGIN IMMEDIATE");
    auto refused = ours->run(source_of(story, 0, 50), 50);
    ASSERT_FALSE(std::holds_alternative<protocol::failure>(refused));
    EXPECT_FALSE(std::get<0>(refused).has_value());
    shell.exec("ROLLBACK");
    pass(*ours, story, 50);
    EXPECT_EQ(ours->applied(), 50U);
}

TEST(archive, names_the_conversations_whose_closed_rows_are_in) {
    std::vector<std::string> story{payload_of(routing::conversation_opened{7, "lamp", "bo", 10, {}, "", false}),
                                   payload_of(routing::conversation_opened{8, "lamp", "cy", 11, {}, "", false}),
                                   payload_of(routing::conversation_closed{8, 12, "silence"})};
    auto all = open_at(":memory:");
    const auto closed = pass(*all, story, story.size());
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].shop, "lamp");
    EXPECT_EQ(closed[0].number, 8U);
    EXPECT_TRUE(closed[0].closed);
}

TEST(archive, names_open_conversations_with_more_lines_than_dedupe_needs) {
    std::vector<std::string> story{payload_of(routing::conversation_opened{7, "lamp", "bo", 10, {}, "", false})};
    for (std::uint64_t seq = 1; seq <= limits::dedupe_lines; ++seq)
        story.push_back(line_payload(7, seq, routing::side::buyer, "bo", 10));
    auto all = open_at(":memory:");
    EXPECT_TRUE(pass(*all, story, story.size()).empty());
    story.push_back(line_payload(7, limits::dedupe_lines + 1, routing::side::buyer, "bo", 10));
    const auto told = pass(*all, story, story.size());
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].lines, limits::dedupe_lines + 1);
    EXPECT_FALSE(told[0].closed);
}

TEST(archive, splits_a_long_conversation_and_recovers_its_last_lines) {
    constexpr std::uint64_t lines = 3'000;
    std::vector<std::string> story{payload_of(routing::conversation_opened{1, "lamp", "bo", 10, {}, "", false})};
    for (std::uint64_t seq = 1; seq <= lines; ++seq)
        story.push_back(line_payload(1, seq, routing::side::buyer, "bo", 10));
    for (const std::size_t step : {story.size(), std::size_t{700}, std::size_t{40}, std::size_t{1}}) {
        auto all = open_at(":memory:");
        while (all->applied() < story.size())
            pass(*all, story, std::min(story.size(), all->applied() + step));
        EXPECT_EQ(state_of(*all, story), describe(fold_of(story))) << "passes of " << step;
        EXPECT_EQ(number_from(*all, "SELECT count(*) FROM message WHERE text = 'line ' || seq"), 3'000) << "passes of " << step;
        EXPECT_LE(number_from(*all, "SELECT max(json_array_length(messages)) FROM conversation_part"), 1'024)
            << "passes of " << step;
    }
}

TEST(archive, takes_conversations_in_any_order_of_their_numbers) {
    // Lanes take numbers from one counter and hand their records to the log when they are done.
    std::vector<std::string> story;
    for (const routing::conversation_number number : {7U, 3U, 9U, 1U}) {
        const auto buyer = "b" + std::to_string(number);
        story.push_back(payload_of(routing::buyer_set{.shop = "lamp", .buyer = buyer, .member = true}));
        story.push_back(payload_of(routing::conversation_opened{number, "lamp", buyer, 10, {}, "", false}));
        for (std::uint64_t seq = 1; seq <= 3; ++seq)
            story.push_back(line_payload(number, seq, routing::side::buyer, buyer, 10));
    }
    for (std::size_t step = 1; step <= story.size(); ++step) {
        auto all = open_at(":memory:");
        while (all->applied() < story.size())
            pass(*all, story, std::min(story.size(), all->applied() + step));
        EXPECT_EQ(state_of(*all, story), describe(fold_of(story))) << step << " records a pass";
        EXPECT_EQ(number_from(*all, "SELECT count(*) FROM message"), 12) << step << " records a pass";
    }
}

TEST(archive, keeps_every_text_that_a_line_may_have) {
    const std::vector<std::string> texts = [] {
        std::vector<std::string> made{"",     R"(a "quoted" \\ text)",     "两件发票", "\xf0\x9f\x98\x80",
                                      "\x7f", std::string{"nul\0in it", 9}};
        for (char each = 1; each < 0x20; ++each)
            made.push_back("control" + std::string(1, each) + std::string(1, each));
        return made;
    }();
    std::vector<std::string> story{payload_of(routing::conversation_opened{1, "lamp", "bo", 10, {}, "", false})};
    for (std::uint64_t seq = 1; seq <= texts.size(); ++seq)
        story.push_back(
            payload_of(routing::line_added{1, seq, 10, routing::side::buyer, "bo", "m" + std::to_string(seq), texts[seq - 1]}));
    auto all = open_at(":memory:");
    pass(*all, story, story.size());
    EXPECT_EQ(state_of(*all, story), describe(fold_of(story)));
    auto expected = nlohmann::json::array();
    for (std::size_t i = 0; i < texts.size(); ++i)
        expected.push_back({10, "buyer", "bo", "m" + std::to_string(i + 1), texts[i]});
    EXPECT_EQ(text_from(*all, "SELECT messages FROM conversation_part"), expected.dump());
}

TEST(archive, keeps_a_text_that_is_no_utf8_readable) {
    const std::vector<std::string> story{
        payload_of(routing::conversation_opened{1, "lamp", "bo", 10, {}, "", false}),
        payload_of(routing::line_added{1, 1, 10, routing::side::buyer, "bo", "m1", "ab\xff\"c"})};
    auto all = open_at(":memory:");
    pass(*all, story, story.size());
    EXPECT_EQ(text_from(*all, "SELECT text FROM message"), "ab\xef\xbf\xbd\"c");
}

TEST(archive, writes_lines_that_make_a_part_once) {
    std::vector<std::string> story{payload_of(routing::conversation_opened{1, "lamp", "bo", 10, {}, "", false})};
    for (std::uint64_t seq = 1; seq <= 300; ++seq)
        story.push_back(line_payload(1, seq, routing::side::buyer, "bo", 10));
    auto all = open_at(":memory:");
    pass(*all, story, story.size());
    EXPECT_EQ(text_from(*all, "SELECT messages FROM conversation"), "[]");
    EXPECT_EQ(number_from(*all, "SELECT sum(json_array_length(messages)) FROM conversation_part"), 300);
    story.push_back(line_payload(1, 301, routing::side::buyer, "bo", 10));
    pass(*all, story, story.size());
    EXPECT_EQ(number_from(*all, "SELECT json_array_length(messages) FROM conversation"), 1);
    EXPECT_EQ(number_from(*all, "SELECT count(*) FROM conversation_part"), 1);
    EXPECT_EQ(number_from(*all, "SELECT count(*) FROM message"), 301);
    EXPECT_EQ(state_of(*all, story), describe(fold_of(story)));
}

TEST(archive, keeps_measures_as_columns) {
    using routing::conversation_state;
    using routing::side;
    routing::place_changed queued{
        .number = 1, .at = 2'000, .state = conversation_state::queued, .reason = routing::reason::queued};
    routing::place_changed award{
        .number = 1, .epoch = 1, .at = 5'000, .state = conversation_state::assigned, .owner = "lamp:amy"};
    std::vector<std::string> story{payload_of(routing::conversation_opened{1, "lamp", "bo", 1'000, {}, "", false}),
                                   line_payload(1, 1, side::buyer, "bo", 1'000),
                                   payload_of(queued),
                                   payload_of(award),
                                   line_payload(1, 2, side::robot, "robot", 5'500),
                                   line_payload(1, 3, side::agent, "lamp:amy", 9'000),
                                   line_payload(1, 4, side::agent, "lamp:amy", 9'900),
                                   payload_of(routing::conversation_closed{1, 20'000, "agent"}),
                                   payload_of(routing::conversation_rated{1, 21'000, "lamp:amy", 4})};
    for (const std::size_t step : {story.size(), std::size_t{1}}) {
        auto all = open_at(":memory:");
        while (all->applied() < story.size())
            pass(*all, story, std::min(story.size(), all->applied() + step));
        EXPECT_EQ(
            text_from(
                *all,
                "SELECT lines || ',' || buyer_lines || ',' || agent_lines || ',' || robot_lines || ',' || wait_ms || ',' || "
                "first_reply_ms || ',' || score || ',' || state || ',' || owners FROM conversation"),
            R"(4,1,2,1,3000,7000,4,closed,["lamp:amy"])")
            << "passes of " << step;
    }
}

TEST(archive, shows_lines_places_and_notes_as_views) {
    routing::place_changed award{
        .number = 1, .epoch = 1, .at = 5, .state = routing::conversation_state::assigned, .owner = "lamp:amy"};
    award.reason = routing::reason::assigned_any;
    std::vector<std::string> story{
        payload_of(routing::conversation_opened{1, "lamp", "bo", 1, {}, "", false}),
        line_payload(1, 1, routing::side::buyer, "bo", 2), payload_of(award),
        payload_of(routing::note_added{1, 9, "lamp:amy", "r1", "red", "call back"}),
        payload_of(routing::order_changed{"lamp", "bo", 10, "o1", protocol::order_status::paid, 995, "lamp:amy"})};
    auto all = open_at(":memory:");
    pass(*all, story, story.size());
    EXPECT_EQ(
        text_from(*all,
                  "SELECT concat_row FROM (SELECT shop || buyer || conversation || seq || ts || side || sender || msg_id || text "
                  "AS concat_row FROM message)"),
        "lampbo112buyerbom1line 1");
    EXPECT_EQ(text_from(*all, "SELECT owner || epoch || state || reason FROM place"), "lamp:amy1assignedASSIGNED_ANY");
    EXPECT_EQ(text_from(*all, "SELECT by_account || flag || text FROM note"), "lamp:amyredcall back");
    EXPECT_EQ(text_from(*all, "SELECT order_id || status || amount_cents || agent FROM order_event"), "o1paid995lamp:amy");
}

TEST(archive, of_a_newer_version_is_refused) {
    const temporary_directory directory;
    const auto path = directory.path() / "a.sqlite";
    open_at(path).reset();
    SQLite::Database{path.string(), SQLite::OPEN_READWRITE}.exec("UPDATE meta SET version = 9");
    const auto refused = archive::open(path);
    ASSERT_TRUE(std::holds_alternative<protocol::failure>(refused));
    const auto& text = std::get<protocol::failure>(refused).text;
    EXPECT_NE(text.find("version 9"), std::string::npos) << text;
    EXPECT_NE(text.find(path.string()), std::string::npos) << text;
}

TEST(archive, refuses_a_line_out_of_turn) {
    std::vector<std::string> story{payload_of(routing::conversation_opened{1, "lamp", "bo", 1, {}, "", false}),
                                   line_payload(1, 2, routing::side::buyer, "bo", 2)};
    auto all = open_at(":memory:");
    const auto refused = all->run(source_of(story, 0, 2), 2);
    ASSERT_TRUE(std::holds_alternative<protocol::failure>(refused));
    EXPECT_EQ(all->applied(), 0U);
}

} // namespace
} // namespace fenliu::storage
