// What only the store on a disk does: opening directories, surviving crashes together with its archive, giving back space.
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <memory>

#include <unistd.h>

#include "storage/archive.hpp"
#include "storage/data_directory.hpp"
#include "storage/durable_store.hpp"
#include "tests/storage/promised_release.hpp"
#include "tests/storage/simulated_disk.hpp"
#include "tests/storage/story.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::storage {
namespace {

constexpr routing::timestamp_ms long_ago = 0;

durable_options options_for(const std::filesystem::path& directory, std::size_t segment_bytes = 256 * 1024) {
    return {.directory = directory, .segment_bytes = segment_bytes, .now = [] { return long_ago; }};
}

std::unique_ptr<store> open(const std::filesystem::path& directory, file_system& files = operating_system()) {
    auto opened = open_durable(options_for(directory), files);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    return std::get<0>(std::move(opened));
}

std::string refusal(const std::filesystem::path& directory, file_system& files = operating_system()) {
    auto opened = open_durable(options_for(directory), files);
    const auto* failure = std::get_if<protocol::failure>(&opened);
    return failure ? failure->text : "";
}

void start(store& one) {
    one.start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
}

/// Commits part of a story and waits for its release.
void commit(store& to, const std::vector<std::string>& story, std::size_t begin, std::size_t end) {
    record_batch batch;
    for (std::size_t i = begin; i < end; ++i)
        add_payload(batch, story[i]);
    std::promise<void> done;
    to.commit(std::move(batch), std::make_unique<promised_release>(done));
    ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds{20}), std::future_status::ready);
}

void write_file(const std::filesystem::path& path, std::string_view text) { std::ofstream{path} << text; }

/// Commits part of a story in a process that ends without any farewell.
void commit_and_die(const std::filesystem::path& directory, const std::vector<std::string>& story, std::size_t begin,
                    std::size_t end) {
    const auto life = [&] {
        const auto doomed = open(directory);
        start(*doomed);
        commit(*doomed, story, begin, end);
        std::_Exit(testing::Test::HasFailure() ? 1 : 0);
    };
    EXPECT_EXIT(life(), testing::ExitedWithCode(0), "");
}

std::size_t count_logs(const std::filesystem::path& directory) {
    std::size_t count = 0;
    for (const auto& each : std::filesystem::directory_iterator{directory})
        count += each.path().extension() == ".log";
    return count;
}

TEST(durable_store, says_how_far_behind_it_is_while_its_archive_is_locked) {
    const temporary_directory directory;
    const auto story = make_story(11, 100);
    auto options = options_for(directory.path());
    options.archive_lag_bytes = 1'000;
    auto opened = open_durable(std::move(options));
    auto& one = *std::get<0>(opened);
    start(one);
    EXPECT_EQ(one.lag(), 0);
    SQLite::Database shell{(directory.path() / archive_name).string(), SQLite::OPEN_READWRITE};
    shell.exec("BEGIN IMMEDIATE");
    commit(one, story, 0, 100);
    EXPECT_GT(one.lag(), 1);
    shell.exec("ROLLBACK");
    one.stop();
    EXPECT_EQ(one.lag(), 0);
}

TEST(durable_store, archives_a_busy_log_as_soon_as_there_is_a_whole_pass) {
    const temporary_directory directory;
    auto opened = open_durable(options_for(directory.path(), limits::segment_bytes));
    auto& one = *std::get<0>(opened);
    start(one);
    record_batch begin;
    begin.add(routing::shop_made{.shop = "s", .at = 1});
    begin.add(routing::conversation_opened{.number = 1, .shop = "s", .buyer = "b", .at = 1});
    one.commit(std::move(begin), nullptr);
    const std::string text(8'000, 'x');
    // Never a second of silence, never a full segment: each line waits for the one before alone.
    for (std::uint64_t seq = 1; one.figures().archived_position == 0; ++seq) {
        const auto position = one.figures().position;
        ASSERT_LT(position, limits::first_segment_bytes - 2 * text.size()) << "nothing is archived";
        record_batch batch;
        const auto id = "m" + std::to_string(seq);
        const std::string_view words = position > limits::archive_pass_bytes ? "x" : std::string_view{text};
        batch.add(routing::line_added{1, seq, 1, routing::side::buyer, "b", id, words});
        std::promise<void> done;
        one.commit(std::move(batch), std::make_unique<promised_release>(done));
        ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds{20}), std::future_status::ready);
    }
    one.stop();
}

TEST(durable_store, archives_at_once_what_came_while_it_could_not) {
    const temporary_directory directory;
    auto opened = open_durable(options_for(directory.path(), limits::segment_bytes));
    auto& one = *std::get<0>(opened);
    start(one);
    SQLite::Database shell{(directory.path() / archive_name).string(), SQLite::OPEN_READWRITE};
    shell.exec("BEGIN IMMEDIATE");
    record_batch lines;
    lines.add(routing::shop_made{.shop = "s", .at = 1});
    lines.add(routing::conversation_opened{.number = 1, .shop = "s", .buyer = "b", .at = 1});
    const std::string text(16'000, 'x');
    for (std::uint64_t seq = 1; seq <= 1'000; ++seq) {
        lines.add(routing::line_added{1, seq, 1, routing::side::buyer, "b", "m" + std::to_string(seq), text});
        if (lines.bytes().size() < limits::archive_pass_bytes / 2 && seq < 1'000) continue;
        std::promise<void> done;
        one.commit(std::exchange(lines, {}), std::make_unique<promised_release>(done));
        ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds{20}), std::future_status::ready);
    }
    shell.exec("ROLLBACK");
    one.stop();
    // A row of lines each: the pass that had begun to wait, one to the end of the first segment, one in the second and what stop
    // finds. Passes of limits::archive_pass_bytes alone make nine.
    EXPECT_LE(shell.execAndGet("SELECT count(*) FROM conversation_part").getInt(), 4);
    EXPECT_EQ(shell.execAndGet("SELECT count(*) FROM message").getInt(), 1'000);
}

TEST(durable_store, comes_back_as_the_fold_of_everything_committed) {
    const temporary_directory directory;
    const auto story = make_story(11, 500);
    {
        const auto first = open(directory.path());
        start(*first);
        commit(*first, story, 0, story.size());
    }
    auto state = open(directory.path())->take_recovered();
    EXPECT_EQ(describe(state), describe(fold_of(story)));
    EXPECT_EQ(state.replayed, 0U) << "a clean stop archives everything";
}

TEST(durable_store, comes_back_after_its_process_was_killed) {
    const temporary_directory directory;
    const auto story = make_story(12, 500);
    commit_and_die(directory.path(), story, 0, story.size());
    auto state = open(directory.path())->take_recovered();
    EXPECT_EQ(describe(state), describe(fold_of(story)));
    EXPECT_EQ(state.replayed, story.size());
}

TEST(durable_store, comes_back_through_many_lives_and_deaths) {
    const temporary_directory directory;
    const auto story = make_story(13, 900);
    for (std::size_t begin = 0, life = 0; begin < story.size(); begin += 100, ++life) {
        if (life % 3 == 2) { // a clean one in between, which archives
            const auto clean = open(directory.path());
            start(*clean);
            commit(*clean, story, begin, begin + 100);
        } else {
            commit_and_die(directory.path(), story, begin, begin + 100);
        }
        const std::vector<std::string> so_far{story.begin(), story.begin() + static_cast<std::ptrdiff_t>(begin) + 100};
        ASSERT_EQ(describe(open(directory.path())->take_recovered()), describe(fold_of(so_far))) << "life " << life;
    }
}

TEST(durable_store, leaves_out_conversations_closed_long_ago_but_not_before_they_are_archived) {
    const temporary_directory directory;
    const auto open_at = [&](routing::timestamp_ms now) {
        auto opened = open_durable(
            {.directory = directory.path(), .segment_bytes = 256 * 1024, .keep_closed_ms = 1'000, .now = [now] { return now; }});
        return std::get<0>(std::move(opened));
    };
    const auto numbers = [](const recovered& state) {
        std::vector<routing::conversation_number> found;
        for (const auto& shop : state.shops)
            for (const auto& each : shop.conversations)
                found.push_back(each->number);
        return found;
    };
    using list = std::vector<routing::conversation_number>;
    std::vector<std::string> story(5);
    encode(story[0], routing::conversation_opened{1, "lamp", "bo", 100, {}, "", false});
    encode(story[1], routing::conversation_closed{1, 10'000, "agent"});
    encode(story[2], routing::conversation_opened{2, "lamp", "bo", 200, {}, "", true});
    encode(story[3], routing::conversation_closed{2, 20'000, "agent"});
    encode(story[4], routing::conversation_opened{3, "lamp", "bo", 300, {}, "", true});
    commit_and_die(directory.path(), story, 0, story.size());
    {
        const auto later = open_at(90'000);
        EXPECT_EQ(numbers(later->take_recovered()), (list{1, 2, 3})) << "nothing of it is archived";
        start(*later);
    }
    EXPECT_EQ(numbers(open_at(90'000)->take_recovered()), (list{3}));
    EXPECT_EQ(numbers(open_at(21'000)->take_recovered()), (list{2, 3})) << "closed a second ago";
    EXPECT_EQ(open_at(90'000)->take_recovered().last_number, 3U);
}

TEST(durable_store, names_recovered_conversations_that_are_archived_already) {
    const temporary_directory directory;
    std::vector<std::string> story(2);
    encode(story[0], routing::conversation_opened{1, "lamp", "bo", 100, {}, "", false});
    encode(story[1], routing::conversation_closed{1, 200, "agent"});
    {
        const auto first = open(directory.path());
        start(*first);
        commit(*first, story, 0, story.size());
    }
    const auto second = open(directory.path());
    std::promise<std::vector<archived_conversation>> archived;
    second->start([&](auto closed) { archived.set_value(std::move(closed)); }, nullptr);
    auto named = archived.get_future();
    ASSERT_EQ(named.wait_for(std::chrono::seconds{20}), std::future_status::ready);
    const auto closed = named.get();
    ASSERT_EQ(closed.size(), 1U);
    EXPECT_EQ(closed[0].shop, "lamp");
    EXPECT_EQ(closed[0].number, 1U);
    EXPECT_TRUE(closed[0].closed);
}

TEST(durable_store, gives_back_the_segments_that_are_archived) {
    const temporary_directory directory;
    constexpr std::size_t segment_bytes = 16 * 1024;
    const auto story = make_story(14, 2'000);
    auto options = options_for(directory.path(), segment_bytes);
    options.log_retention_bytes = 0;
    const auto one = std::get<0>(open_durable(options));
    start(*one);
    for (std::size_t begin = 0; begin < story.size(); begin += 100)
        commit(*one, story, begin, begin + 100);
    EXPECT_GT(one->figures().position, 4 * segment_bytes);
    one->stop();
    EXPECT_EQ(one->figures().archived_position, one->figures().position);
    EXPECT_LE(count_logs(directory.path()), 2U) << "the newest and the one prepared";
}

TEST(durable_store, keeps_a_part_of_the_log_that_is_archived_for_explaining_decisions) {
    const temporary_directory directory;
    constexpr std::size_t segment_bytes = 16 * 1024;
    const auto story = make_story(14, 2'000);
    auto options = options_for(directory.path(), segment_bytes);
    options.log_retention_bytes = 2 * segment_bytes;
    const auto one = std::get<0>(open_durable(options));
    start(*one);
    for (std::size_t begin = 0; begin < story.size(); begin += 100)
        commit(*one, story, begin, begin + 100);
    EXPECT_GT(one->figures().position, 5 * segment_bytes);
    one->stop();
    const auto logs = count_logs(directory.path());
    EXPECT_TRUE(logs == 3 || logs == 4) << logs << ": two kept, the newest and perhaps the one prepared";
}

TEST(durable_store, refuses_a_directory_that_is_in_use_and_names_the_process) {
    const temporary_directory directory;
    const auto holder = open(directory.path());
    const auto text = refusal(directory.path());
    EXPECT_NE(text.find(directory.path().string()), std::string::npos) << text;
    EXPECT_NE(text.find("process " + std::to_string(::getpid())), std::string::npos) << text;
}

TEST(durable_store, makes_the_directory_with_its_parents) {
    const temporary_directory directory;
    const auto deep = directory.path() / "var" / "fenliu" / "";
    EXPECT_EQ(refusal(deep), "");
    EXPECT_TRUE(std::filesystem::exists(deep / "VERSION"));
}

TEST(durable_store, refuses_a_path_that_is_no_directory) {
    const temporary_directory directory;
    write_file(directory.path() / "file", "");
    const auto text = refusal(directory.path() / "file");
    EXPECT_NE(text.find((directory.path() / "file").string() + ": Not a directory"), std::string::npos) << text;
}

TEST(durable_store, refuses_a_directory_it_may_not_write_to) {
    const temporary_directory directory;
    std::filesystem::permissions(directory.path(), std::filesystem::perms{0555});
    const auto as_nobody = [&] {
        if (::geteuid() == 0 && ::seteuid(65534) != 0) std::_Exit(2);
        const auto text = refusal(directory.path());
        const bool clear =
            text.find((directory.path() / "LOCK").string()) != std::string::npos && text.find("allowed to") != std::string::npos;
        std::_Exit(clear ? 0 : 1);
    };
    EXPECT_EXIT(as_nobody(), testing::ExitedWithCode(0), "");
}

TEST(durable_store, refuses_a_newer_format_and_says_which_is_needed) {
    const temporary_directory directory;
    write_file(directory.path() / "VERSION", "7\n");
    const auto text = refusal(directory.path());
    EXPECT_NE(text.find("format 7"), std::string::npos) << text;
    EXPECT_NE(text.find(directory.path().string()), std::string::npos) << text;
}

TEST(durable_store, refuses_a_directory_of_something_else) {
    const temporary_directory directory;
    write_file(directory.path() / "VERSION", "PostgreSQL 15\n");
    EXPECT_NE(refusal(directory.path()), "");
}

TEST(durable_store, refuses_data_whose_version_is_missing) {
    const temporary_directory directory;
    { const auto made = open(directory.path()); }
    std::filesystem::remove(directory.path() / "VERSION");
    EXPECT_NE(refusal(directory.path()).find("VERSION"), std::string::npos);
}

TEST(durable_store, refuses_a_log_without_its_archive_and_an_archive_without_its_log) {
    for (const bool lose_archive : {true, false}) {
        const temporary_directory directory;
        const auto story = make_story(15, 2'000);
        {
            auto options = options_for(directory.path(), 16 * 1024);
            options.log_retention_bytes = 0; // else the log alone has everything
            const auto one = std::get<0>(open_durable(options));
            start(*one);
            commit(*one, story, 0, story.size());
        }
        for (const auto& each : std::filesystem::directory_iterator{directory.path()})
            if (each.path().extension() == (lose_archive ? ".sqlite" : ".log")) std::filesystem::remove(each.path());
        const auto text = refusal(directory.path());
        EXPECT_NE(text.find("does not belong together"), std::string::npos) << text;
    }
}

TEST(durable_store, reports_a_failing_disk_once_and_releases_nothing_after_it) {
    const temporary_directory directory;
    const auto story = make_story(16, 200);
    simulated_disk disk;
    const auto one = open(directory.path(), disk);
    std::atomic<int> failures = 0;
    std::promise<protocol::failure> failed;
    one->start(nullptr, [&](const protocol::failure& failure) {
        if (++failures == 1) failed.set_value(failure);
    });
    commit(*one, story, 0, 50);
    disk.fail_at(1, simulated_disk::fault::error);
    std::promise<void> released;
    record_batch batch;
    add_payload(batch, story[50]);
    one->commit(std::move(batch), std::make_unique<promised_release>(released));
    EXPECT_EQ(failed.get_future().get().code, protocol::errc::storage_failed);
    one->commit({}, std::make_unique<promised_release>(released));
    one->stop();
    EXPECT_EQ(released.get_future().wait_for(std::chrono::seconds{0}), std::future_status::timeout);
    EXPECT_EQ(failures, 1);
}

TEST(durable_store, reports_an_archive_that_cannot_be_written) {
    const temporary_directory directory;
    const auto story = make_story(17, 200);
    const auto one = open(directory.path());
    std::promise<protocol::failure> failed;
    one->start(nullptr, [&](const protocol::failure& failure) { failed.set_value(failure); });
    SQLite::Database{(directory.path() / "archive.sqlite").string(), SQLite::OPEN_READWRITE}.exec("DROP TABLE buyer");
    commit(*one, story, 0, story.size());
    one->stop();
    auto reported = failed.get_future();
    ASSERT_EQ(reported.wait_for(std::chrono::seconds{20}), std::future_status::ready);
    EXPECT_NE(reported.get().text.find("archive.sqlite"), std::string::npos);
}

} // namespace
} // namespace fenliu::storage
