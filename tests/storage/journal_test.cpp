#include <gtest/gtest.h>

#include <algorithm>

#include "storage/crc32c.hpp"
#include "storage/journal_format.hpp"
#include "storage/journal_recovery.hpp"
#include "tests/storage/journal_driver.hpp"

namespace fenliu::storage {
namespace {

using texts = std::vector<std::string>;
using namespace std::string_literals;

std::size_t count_segments(const simulated_disk& disk) {
    const auto names = disk.names();
    return static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(), [](const auto& each) { return segment_index(each); }));
}

/// Commits these records one group each and ends without the mark of a clean stop.
void write_and_die(simulated_disk& disk, const texts& records) {
    journal_driver driver{disk};
    driver.start();
    for (const auto& each : records) {
        driver.commit({each});
        driver.settle();
    }
    disk.fail_at(1, simulated_disk::fault::power_off);
}

TEST(journal, gives_back_what_was_appended_in_order) {
    simulated_disk disk;
    texts expected;
    {
        journal_driver driver{disk, 1 << 20};
        driver.start();
        for (int i = 0; i < 300; ++i) {
            expected.push_back("record " + std::to_string(i));
            driver.commit({expected.back()});
        }
        driver.settle();
        EXPECT_EQ(driver.read_all(), expected);
        EXPECT_EQ(driver.released(), expected);
    }
    journal_driver again{disk, 1 << 20};
    ASSERT_EQ(again.refused(), "");
    EXPECT_EQ(again.read_all(), expected);
}

TEST(journal, goes_on_behind_what_an_earlier_run_wrote) {
    simulated_disk disk;
    texts expected;
    for (int run = 0; run < 5; ++run) {
        journal_driver driver{disk};
        ASSERT_EQ(driver.refused(), "");
        EXPECT_EQ(driver.read_all(), expected);
        driver.start();
        expected.push_back("run " + std::to_string(run));
        driver.commit({expected.back()});
        driver.settle();
    }
}

TEST(journal, releases_a_group_only_after_its_sync) {
    simulated_disk disk;
    {
        journal_driver driver{disk};
        driver.start();
        for (int i = 0; i < 200; ++i)
            driver.commit({"record " + std::to_string(i)});
        driver.settle();
    }
    std::string written; // a log file with bytes that were not synced yet
    std::size_t releases = 0;
    for (const auto& event : disk.events()) {
        const std::string name = event.substr(event.find(' ') + 1);
        if (event.starts_with("write ") && segment_index(name)) written = name;
        if (event == "sync " + written) written.clear();
        if (!event.starts_with("release ")) continue;
        EXPECT_EQ(written, "") << "at " << event;
        ++releases;
    }
    EXPECT_EQ(releases, 200U);
}

TEST(journal, writes_what_gathers_during_a_sync_as_one_group) {
    simulated_disk disk;
    failure_latch latch;
    auto opened = journal::open(disk, "log", 1 << 20, 0, latch);
    auto& log = *std::get<0>(opened);
    for (int i = 0; i < 100; ++i) {
        record_batch batch;
        batch.add(routing::shop_made{"lamp", i});
        log.commit(std::move(batch), nullptr);
    }
    log.start(nullptr);
    log.stop();
    EXPECT_EQ(log.writer().records(), 100U);
    EXPECT_EQ(log.writer().groups(), 1U);
}

TEST(journal, rolls_to_another_segment_when_one_is_full) {
    simulated_disk disk;
    texts expected;
    journal_driver driver{disk};
    driver.start();
    for (int i = 0; i < 100; ++i) {
        expected.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i * 7 % 900), 'x'));
        driver.commit({expected.back()});
        if (i % 3 == 0) driver.settle();
    }
    driver.settle();
    EXPECT_GT(count_segments(disk), 10U);
    EXPECT_EQ(driver.read_all(), expected);
}

TEST(journal, splits_a_batch_that_is_larger_than_a_segment_between_its_records) {
    simulated_disk disk;
    texts expected;
    for (int i = 0; i < 60; ++i)
        expected.push_back(std::to_string(i) + std::string(300, 'x'));
    {
        journal_driver driver{disk};
        driver.start();
        driver.commit(expected);
        driver.settle();
        EXPECT_EQ(driver.released(), expected);
    }
    journal_driver again{disk};
    EXPECT_EQ(again.read_all(), expected);
}

TEST(journal, prepares_segments_with_zeros_synced_before_they_are_used) {
    simulated_disk disk;
    {
        journal_driver driver{disk};
        driver.start();
        for (int i = 0; i < 20; ++i)
            driver.commit({std::string(500, 'x')});
        driver.settle();
    }
    const auto events = disk.events();
    for (const std::uint64_t index : {1, 2, 3}) {
        const std::string name = segment_name(index);
        auto next = events.begin();
        for (const std::string& event : {"create next.tmp"s, "write next.tmp"s, "sync next.tmp"s, "rename " + name,
                                         "sync directory log"s, "write " + name, "sync " + name}) {
            next = std::find(next, events.end(), event);
            EXPECT_NE(next, events.end()) << event << " of segment " << index;
        }
    }
}

TEST(journal, lets_a_cursor_follow_while_it_grows) {
    simulated_disk disk;
    journal_driver driver{disk};
    driver.start();
    journal_cursor cursor = driver.log().cursor();
    for (int i = 0; i < 60; ++i) {
        const std::string text = std::to_string(i) + std::string(static_cast<std::size_t>(i * 13 % 600), 'x');
        driver.commit({text});
        driver.settle();
        const auto end = driver.log().position();
        const auto payload = cursor.next(end);
        ASSERT_TRUE(std::holds_alternative<std::string_view>(payload)) << std::get<protocol::failure>(payload).text;
        routing::record record;
        ASSERT_TRUE(decode(std::get<0>(payload), record));
        EXPECT_EQ(std::get<routing::line_added>(record).text, text);
        EXPECT_TRUE(std::get<std::string_view>(cursor.next(end)).empty());
        EXPECT_EQ(cursor.position(), end);
    }
    EXPECT_GT(count_segments(disk), 4U);
}

TEST(journal, drops_segments_below_a_position_but_never_the_newest) {
    simulated_disk disk;
    journal_driver driver{disk};
    driver.start();
    texts expected;
    for (int i = 0; i < 40; ++i) {
        expected.push_back(std::to_string(i) + std::string(500, 'x'));
        driver.commit({expected.back()});
    }
    driver.settle();
    const auto end = driver.log().position();
    {
        const journal::held_segments reading{&driver.log()};
        EXPECT_FALSE(std::get<0>(driver.log().drop_below(end, end, 0))) << "somebody reads it";
        EXPECT_EQ(driver.read_all(), expected);
    }
    EXPECT_TRUE(std::get<0>(driver.log().drop_below(end, end, 0)));
    EXPECT_LE(count_segments(disk), 2U) << "the newest and the prepared one";
    EXPECT_GT(driver.log().first_position(), 0U);
    EXPECT_EQ(driver.log().position(), end);
    const auto rest = driver.read_all();
    EXPECT_TRUE(std::equal(rest.rbegin(), rest.rend(), expected.rbegin()));
}

TEST(journal, does_not_cut_a_commit_at_a_segments_end) {
    simulated_disk disk;
    journal_driver driver{disk};
    driver.start();
    for (int i = 0; i < 30; ++i) {
        driver.commit({std::string(700, 'a'), std::string(700, 'b'), std::string(700, 'c')});
        driver.settle();
    }
    // Two such commits don't fit one segment.
    EXPECT_GE(count_segments(disk), 30U);
    EXPECT_EQ(driver.read_all().size(), 90U);
    driver.commit(texts(9, std::string(700, 'd')));
    driver.settle();
    EXPECT_EQ(driver.released().size(), 99U) << "one that no segment holds is cut, as ever";
}

TEST(journal, after_a_clean_stop_has_no_tail_to_copy) {
    simulated_disk disk;
    {
        journal_driver driver{disk};
        driver.start();
        driver.commit({"first"});
        driver.settle();
    }
    const auto found = std::get<0>(recover_journal(disk, "log", 0));
    EXPECT_EQ(found.end, found.vouched);
    EXPECT_TRUE(found.tail.empty());
}

TEST(journal, copies_the_unvouched_tail_into_a_new_segment_and_syncs_it_before_anything_else) {
    simulated_disk disk;
    write_and_die(disk, {"first", "second", "third"});
    disk.power_on(1);
    const auto before = std::get<0>(recover_journal(disk, "log", 0));
    EXPECT_LT(before.vouched, before.end);
    const std::size_t seen = disk.events().size();
    journal_driver again{disk};
    ASSERT_EQ(again.refused(), "");
    EXPECT_EQ(again.read_all(), (texts{"first", "second", "third"}));
    auto events = disk.events();
    events.erase(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(seen));
    const std::string name = segment_name(before.next_index);
    const texts last_four{"write " + name, "sync " + name, "write " + name, "sync " + name};
    ASSERT_GE(events.size(), 4U);
    EXPECT_TRUE(std::equal(last_four.begin(), last_four.end(), events.end() - 4));
}

TEST(journal, keeps_the_tail_when_its_copy_is_torn) {
    for (std::uint32_t seed = 0; seed < 40; ++seed)
        for (std::uint64_t call = 1; call < 12; ++call) {
            simulated_disk disk;
            write_and_die(disk, {"first", "second", "third"});
            disk.power_on(1);
            disk.fail_at(call, simulated_disk::fault::power_off);
            { const journal_driver torn{disk}; }
            disk.power_on(seed);
            journal_driver again{disk};
            ASSERT_EQ(again.refused(), "") << "call " << call << " seed " << seed;
            EXPECT_EQ(again.read_all(), (texts{"first", "second", "third"})) << "call " << call << " seed " << seed;
        }
}

TEST(journal, takes_a_tail_larger_than_a_segment_is_now) {
    simulated_disk disk;
    const texts big{std::string(3'000, 'x')};
    write_and_die(disk, {"first", big[0]});
    disk.power_on(1);
    journal_driver smaller{disk, 512};
    ASSERT_EQ(smaller.refused(), "");
    EXPECT_EQ(smaller.read_all(), (texts{"first", big[0]}));
}

TEST(journal, of_a_newer_format_is_refused) {
    simulated_disk disk;
    std::string header;
    journal_format::append_header(header, {.index = 1});
    header[8] = 9; // the version
    header.resize(journal_format::header_bytes - 4);
    const std::uint32_t check = crc32c(0, header);
    for (int i = 0; i < 4; ++i)
        header.push_back(static_cast<char>(check >> (8 * i) & 0xff));
    disk.set_content(segment_name(1), header + std::string(100, '\0'));
    const journal_driver refused{disk};
    EXPECT_NE(refused.refused().find("newer version"), std::string::npos) << refused.refused();
    EXPECT_NE(refused.refused().find(segment_name(1)), std::string::npos) << refused.refused();
}

} // namespace
} // namespace fenliu::storage
