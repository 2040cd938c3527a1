// Damage, crashes and errors of the disk against the journal: nothing released is ever lost, nothing is ever invented.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "storage/journal_format.hpp"
#include "tests/storage/journal_driver.hpp"

namespace fenliu::storage {
namespace {

using texts = std::vector<std::string>;

/// A log of some groups of one to three records, in one segment, as a crash left it.
struct small_log {
    simulated_disk disk;
    std::string name = segment_name(1);
    std::string bytes; ///< of the segment
    texts records;
    /// For each group: where it ends in the file, and how many records there are up to there.
    std::vector<std::pair<std::size_t, std::size_t>> groups;

    small_log() {
        journal_driver driver{disk};
        driver.start();
        for (int group = 0; group < 6; ++group) {
            texts batch;
            for (int i = 0; i <= group % 3; ++i)
                batch.push_back("record " + std::to_string(group) + "." + std::to_string(i));
            driver.commit(batch);
            driver.settle();
            records.insert(records.end(), batch.begin(), batch.end());
            groups.emplace_back(journal_format::header_bytes + driver.log().position(), records.size());
        }
        bytes = disk.content(name);
        disk.fail_at(1, simulated_disk::fault::power_off);
    }

    /// Opens a disk with nothing but this segment.
    static std::pair<std::string, texts> open(const std::string& name, std::string content) {
        simulated_disk fresh;
        fresh.set_content(name, std::move(content));
        journal_driver driver{fresh};
        return {driver.refused(), driver.refused().empty() ? driver.read_all() : texts{}};
    }
    [[nodiscard]] texts up_to(std::size_t count) const {
        return {records.begin(), records.begin() + static_cast<std::ptrdiff_t>(count)};
    }
};

TEST(journal_damage, a_log_cut_at_any_offset_keeps_every_whole_group_and_nothing_else) {
    const small_log log;
    for (std::size_t cut = journal_format::header_bytes; cut <= log.groups.back().first; ++cut) {
        std::size_t whole = 0;
        for (const auto& [end, count] : log.groups)
            if (end <= cut) whole = count;
        std::string zeroed = log.bytes;
        std::fill(zeroed.begin() + static_cast<std::ptrdiff_t>(cut), zeroed.end(), '\0');
        const auto [refused, found] = small_log::open(log.name, zeroed);
        ASSERT_EQ(refused, "") << "cut at " << cut;
        ASSERT_EQ(found, log.up_to(whole)) << "cut at " << cut;
    }
}

TEST(journal_damage, a_file_that_is_shorter_than_it_was_made_is_refused) {
    const small_log log;
    for (std::size_t size = journal_format::header_bytes; size < log.bytes.size(); size += 7) {
        const auto [refused, found] = small_log::open(log.name, log.bytes.substr(0, size));
        ASSERT_NE(refused.find("is damaged at offset " + std::to_string(size) + ": the file is cut off"), std::string::npos)
            << "size " << size << ": " << refused;
    }
    EXPECT_EQ(small_log::open(log.name, log.bytes).first, "");
}

TEST(journal_damage, a_flipped_bit_is_refused_where_a_later_group_vouches_for_it) {
    const small_log log;
    const std::size_t last_group = log.groups[log.groups.size() - 2].first;
    for (std::size_t at = 0; at < log.groups.back().first; ++at)
        for (int bit = 0; bit < 8; ++bit) {
            std::string content = log.bytes;
            content[at] = static_cast<char>(content[at] ^ 1 << bit);
            const auto [refused, found] = small_log::open(log.name, content);
            if (at >= last_group) {
                ASSERT_EQ(refused, "") << "offset " << at;
                ASSERT_EQ(found, log.up_to(log.groups[log.groups.size() - 2].second)) << "offset " << at;
            } else {
                ASSERT_NE(refused.find(log.name), std::string::npos) << "offset " << at << ": " << refused;
                ASSERT_NE(refused.find("at offset"), std::string::npos) << "offset " << at << ": " << refused;
            }
        }
}

TEST(journal_damage, a_hole_in_the_middle_is_refused) {
    const small_log log;
    const std::size_t last_group = log.groups[log.groups.size() - 2].first;
    for (std::size_t at = 0; at + 16 < last_group; at += 5) {
        std::string content = log.bytes;
        content.replace(at, 16, 16, '\0');
        if (content == log.bytes) continue; // zeros already
        EXPECT_NE(small_log::open(log.name, content).first, "") << "offset " << at;
    }
}

TEST(journal_damage, a_missing_segment_is_refused) {
    simulated_disk disk;
    {
        journal_driver driver{disk};
        driver.start();
        for (int i = 0; i < 40; ++i)
            driver.commit({std::string(500, 'x')});
        driver.settle();
    }
    ASSERT_EQ(disk.remove("log/" + segment_name(3)), std::nullopt);
    const journal_driver again{disk};
    EXPECT_NE(again.refused().find(segment_name(2)), std::string::npos) << again.refused();
}

/// One run of a broker: commits until `batches` are done or the disk fails. Returns what it released and adds what it handed in.
texts run(journal_driver& driver, int batches, int& number, texts& handed_in) {
    driver.start();
    for (int i = 0; i < batches && driver.failures() == 0; ++i) {
        texts batch;
        for (int k = 0; k <= i % 3; ++k, ++number)
            batch.push_back(std::to_string(number) + std::string(static_cast<std::size_t>(number * 37 % 700), 'x'));
        handed_in.insert(handed_in.end(), batch.begin(), batch.end());
        driver.commit(batch);
        if (i % 4 == 0) driver.settle();
    }
    driver.settle();
    return driver.released();
}

TEST(journal_faults, after_any_failed_call_nothing_is_released_and_nothing_released_is_lost) {
    std::uint64_t reached = 0;
    for (std::uint64_t call = 1;; ++call) {
        simulated_disk disk;
        int number = 0;
        texts handed_in, released;
        bool opened = false;
        {
            disk.fail_at(call, simulated_disk::fault::error);
            journal_driver driver{disk};
            opened = driver.refused().empty();
            if (opened) {
                released = run(driver, 40, number, handed_in);
                if (driver.failures() > 0) {
                    EXPECT_EQ(driver.failures(), 1U) << "call " << call;
                    driver.commit({"after the failure"});
                    driver.log().stop();
                    const auto at_the_end = driver.released();
                    EXPECT_EQ(std::count(at_the_end.begin(), at_the_end.end(), "after the failure"), 0) << "call " << call;
                    released = at_the_end;
                }
            }
        }
        if (!disk.met_fault()) break;
        reached = call;
        disk.power_on(static_cast<std::uint32_t>(call));
        journal_driver again{disk};
        ASSERT_EQ(again.refused(), "") << "call " << call;
        const auto found = again.read_all();
        ASSERT_LE(released.size(), found.size()) << "call " << call;
        ASSERT_LE(found.size(), handed_in.size()) << "call " << call;
        EXPECT_TRUE(std::equal(found.begin(), found.end(), handed_in.begin())) << "call " << call;
    }
    EXPECT_GT(reached, 60U) << "the run is too short to meet the calls that matter";
}

TEST(journal_faults, many_lives_with_power_cuts_lose_nothing_released) {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        simulated_disk disk;
        std::mt19937 random{seed};
        int number = 0;
        texts durable; // what a life found and later lives must find again
        for (int life = 0; life < 8; ++life) {
            texts handed_in = durable, released;
            {
                disk.fail_at(1 + random() % 60, simulated_disk::fault::power_off);
                journal_driver driver{disk};
                if (driver.refused().empty()) {
                    ASSERT_EQ(driver.read_all(), durable) << "seed " << seed << " life " << life;
                    released = run(driver, 20, number, handed_in);
                }
            }
            disk.power_on(static_cast<std::uint32_t>(random()));
            journal_driver again{disk};
            ASSERT_EQ(again.refused(), "") << "seed " << seed << " life " << life;
            const auto found = again.read_all();
            ASSERT_GE(found.size(), durable.size() + released.size()) << "seed " << seed << " life " << life;
            ASSERT_LE(found.size(), handed_in.size()) << "seed " << seed << " life " << life;
            ASSERT_TRUE(std::equal(found.begin(), found.end(), handed_in.begin())) << "seed " << seed << " life " << life;
            durable = found;
        }
    }
}

} // namespace
} // namespace fenliu::storage
