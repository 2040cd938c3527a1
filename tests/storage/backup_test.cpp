// Backups of stores in use and at rest, and what is restored from them.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "storage/backup.hpp"
#include "storage/open.hpp"
#include "tests/storage/story.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::storage {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<store> open(const fs::path& directory, std::chrono::milliseconds retention = limits::log_retention) {
    auto opened = open_durable({.directory = directory, .segment_bytes = 64 * 1024, .log_retention = retention, .now = [] {
                                    return routing::timestamp_ms{0};
                                }});
    if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
    return std::get<0>(std::move(opened));
}

class counting_release final : public release {
public:
    explicit counting_release(std::shared_ptr<std::atomic<std::uint64_t>> lines)
        : lines_{std::move(lines)} {}
    void run() noexcept override {
        ++*lines_;
        lines_->notify_all();
    }

private:
    std::shared_ptr<std::atomic<std::uint64_t>> lines_;
};

/// Lines of one conversation, as fast as the store takes them, until it is told to stop.
class busy_writer {
public:
    explicit busy_writer(store& to)
        : thread_{[this, &to] { run(to); }} {}
    ~busy_writer() {
        stopping_ = true;
        thread_.join();
    }
    [[nodiscard]] std::uint64_t acknowledged() const { return *acknowledged_; }
    void wait_beyond(std::uint64_t lines) {
        for (auto now = acknowledged_->load(); now <= lines; now = acknowledged_->load())
            acknowledged_->wait(now);
    }

private:
    void run(store& to) {
        record_batch first;
        first.add(routing::shop_made{.shop = "s", .at = 1});
        first.add(routing::conversation_opened{.number = 1, .shop = "s", .buyer = "b", .at = 1});
        to.commit(std::move(first), nullptr);
        for (std::uint64_t seq = 1; !stopping_; ++seq) {
            record_batch batch;
            const std::string id = "m" + std::to_string(seq), text(300, static_cast<char>('a' + seq % 26));
            batch.add(routing::line_added{1, seq, static_cast<routing::timestamp_ms>(seq), routing::side::buyer, "b", id, text});
            to.commit(std::move(batch), std::make_unique<counting_release>(acknowledged_));
            if (seq > 200) wait_beyond(seq - 200);
        }
    }

    std::atomic<bool> stopping_{false};
    // The store counts lines when the writer is gone, too.
    std::shared_ptr<std::atomic<std::uint64_t>> acknowledged_ = std::make_shared<std::atomic<std::uint64_t>>(0);
    std::thread thread_;
};

std::uint64_t last_seq(const fs::path& directory) {
    const auto state = open(directory)->take_recovered();
    return state.shops.at(0).conversations.at(0)->transcript.last_seq();
}

std::string refusal(const result<copied_store>& copied) {
    const auto* failure = std::get_if<protocol::failure>(&copied);
    return failure ? failure->text : "";
}

TEST(backup, of_a_store_under_load_holds_everything_acknowledged_before_it_began) {
    const temporary_directory directory;
    const auto data = directory.path() / "data";
    const auto one = open(data, std::chrono::seconds{1}); // segments go while copies are made
    one->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
    std::vector<std::uint64_t> before;
    {
        busy_writer writer{*one};
        for (int i = 0; i < 3; ++i) {
            writer.wait_beyond(writer.acknowledged() + 500);
            before.push_back(writer.acknowledged());
            ASSERT_EQ(refusal(back_up(data, directory.path() / std::to_string(i))), "");
        }
    }
    one->stop();
    for (int i = 0; i < 3; ++i) {
        const auto name = std::to_string(i);
        ASSERT_EQ(refusal(restore(directory.path() / name, directory.path() / ("restored" + name))), "");
        EXPECT_GE(last_seq(directory.path() / ("restored" + name)), before[static_cast<std::size_t>(i)]);
    }
}

TEST(backup, of_a_store_at_rest_restores_the_same_state) {
    const temporary_directory directory;
    const auto data = directory.path() / "data", copy = directory.path() / "copy", back = directory.path() / "back";
    const auto story = make_story(3, 500);
    {
        const auto one = open(data);
        one->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
        record_batch batch;
        for (const auto& each : story)
            add_payload(batch, each);
        one->commit(std::move(batch), nullptr);
        one->stop();
    }
    ASSERT_EQ(refusal(back_up(data, copy)), "");
    ASSERT_EQ(refusal(restore(copy, back)), "");
    EXPECT_EQ(describe(open(back)->take_recovered()), describe(open(data)->take_recovered()));
}

TEST(backup, takes_no_directory_that_has_something_in_it_and_no_store_that_is_none) {
    const temporary_directory directory;
    const auto data = directory.path() / "data", full = directory.path() / "full";
    (void)open(data);
    fs::create_directory(full);
    std::ofstream{full / "letter"} << "dear";
    EXPECT_NE(refusal(back_up(data, full)).find("is not empty"), std::string::npos);
    ASSERT_EQ(refusal(back_up(data, directory.path() / "copy")), "");
    EXPECT_NE(refusal(restore(directory.path() / "copy", full)).find("is not empty"), std::string::npos);
    EXPECT_NE(refusal(back_up(full, directory.path() / "other")), "");
    const auto used = open(directory.path() / "used");
    EXPECT_NE(refusal(restore(directory.path() / "copy", directory.path() / "used")), "");
}

TEST(backup, of_a_damaged_store_says_so_and_leaves_no_store_behind) {
    const temporary_directory directory;
    const auto data = directory.path() / "data", copy = directory.path() / "copy";
    {
        const auto one = open(data);
        one->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
        busy_writer writer{*one};
        writer.wait_beyond(50);
    }
    {
        SQLite::Database archive{(data / "archive.sqlite").string(), SQLite::OPEN_READWRITE};
        archive.exec("UPDATE digest SET sum = sum + 1 WHERE name = 'conversation'");
    }
    EXPECT_NE(refusal(back_up(data, copy)).find("table conversation"), std::string::npos);
    EXPECT_FALSE(fs::exists(copy / "VERSION"));
}

TEST(backup, that_was_damaged_is_not_restored) {
    const temporary_directory directory;
    const auto data = directory.path() / "data", copy = directory.path() / "copy";
    (void)open(data);
    ASSERT_EQ(refusal(back_up(data, copy)), "");
    fs::resize_file(copy / "archive.sqlite", 5'000);
    EXPECT_NE(refusal(restore(copy, directory.path() / "back")).find("is damaged"), std::string::npos);
}

} // namespace
} // namespace fenliu::storage
