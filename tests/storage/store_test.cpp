// The contract of store.hpp, for every implementation of it.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "protocol/limits.hpp"
#include "storage/open.hpp"
#include "tests/storage/story.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::storage {
namespace {

constexpr auto deadline = std::chrono::seconds{20};
constexpr routing::timestamp_ms now = 1'700'000'000'000;

enum class kind { memory, durable };

class running_release final : public release {
public:
    explicit running_release(std::function<void()> what)
        : what_{std::move(what)} {}
    void run() noexcept override { what_(); }

private:
    std::function<void()> what_;
};

class store_of : public testing::TestWithParam<kind> {
protected:
    store_of() {
        if (GetParam() == kind::memory) {
            store_ = open_memory([] { return now; });
        } else {
            auto opened = open_durable({.directory = directory_.path(), .segment_bytes = 1024 * 1024, .now = [] { return now; }});
            if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
            store_ = std::get<0>(std::move(opened));
        }
        (void)store_->take_recovered();
    }

    void start() {
        store_->start(
            [this](auto closed) {
                const std::lock_guard lock{mutex_};
                archived_.insert(archived_.end(), closed.begin(), closed.end());
                changed_.notify_all();
            },
            [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
    }
    void commit(std::function<void()> then) {
        store_->commit(std::exchange(batch_, {}), std::make_unique<running_release>(std::move(then)));
    }
    /// Commits what is in the batch and waits until it is released.
    void commit() {
        std::promise<void> done;
        commit([&] { done.set_value(); });
        ASSERT_EQ(done.get_future().wait_for(deadline), std::future_status::ready);
    }
    /// Waits until so many conversations have been named as archived.
    void wait_archived(std::size_t count) {
        std::unique_lock lock{mutex_};
        ASSERT_TRUE(changed_.wait_for(lock, deadline, [&] { return archived_.size() >= count; }));
    }
    history_answer history(history_query query) {
        std::promise<history_answer> answer;
        store_->read_history(std::move(query), [&](history_answer got) { answer.set_value(std::move(got)); });
        return answer.get_future().get();
    }
    std::unique_ptr<routing::conversation> conversation(std::string shop, routing::conversation_number number) {
        std::promise<std::unique_ptr<routing::conversation>> answer;
        store_->read_conversation(std::move(shop), number, [&](auto got) { answer.set_value(std::move(got)); });
        return answer.get_future().get();
    }
    void add_open(routing::conversation_number number, std::string_view buyer = "bo") {
        batch_.add(routing::conversation_opened{number, "lamp", buyer, now, {}, "", false});
    }
    void add_line(routing::conversation_number number, std::uint64_t seq, std::string_view text,
                  routing::side side = routing::side::buyer) {
        batch_.add(routing::line_added{number, seq, now + static_cast<routing::timestamp_ms>(seq), side,
                                       side == routing::side::buyer ? "bo" : "lamp:amy", "m" + std::to_string(seq), text});
    }
    void add_owner(routing::conversation_number number, std::string_view owner) {
        batch_.add(routing::place_changed{
            .number = number, .epoch = 1, .at = now, .state = routing::conversation_state::assigned, .owner = owner});
    }
    void add_close(routing::conversation_number number) { batch_.add(routing::conversation_closed{number, now, "agent"}); }

    /// Three closed conversations of one buyer: 1 and 3 owned by amy, 2 by bert, with four lines each, the even ones agents'.
    void tell_three() {
        start();
        for (routing::conversation_number number = 1; number <= 3; ++number) {
            add_open(number);
            add_owner(number, number == 2 ? "lamp:bert" : "lamp:amy");
            for (std::uint64_t seq = 1; seq <= 4; ++seq)
                add_line(number, seq, std::to_string(number) + "." + std::to_string(seq),
                         seq % 2 ? routing::side::buyer : routing::side::agent);
            add_close(number);
        }
        commit();
        wait_archived(3);
    }
    static std::string texts(const history_answer& answer) {
        std::string all;
        for (const auto& line : answer.lines)
            all += line.text + " ";
        return all + (answer.more ? "+" : "");
    }

    temporary_directory directory_;
    std::unique_ptr<store> store_;
    record_batch batch_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<archived_conversation> archived_;
};

TEST_P(store_of, releases_what_one_thread_committed_in_order) {
    start();
    std::vector<int> seen;
    for (int i = 0; i < 2'000; ++i) {
        if (i == 0) add_open(1);
        if (i % 3 == 0) add_line(1, static_cast<std::uint64_t>(i / 3 + 1), "text");
        commit([&seen, i] { seen.push_back(i); });
    }
    commit();
    ASSERT_EQ(seen.size(), 2'000U);
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST_P(store_of, releases_everything_that_several_threads_committed) {
    start();
    std::atomic<int> released = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            for (int i = 0; i < 200; ++i) {
                record_batch batch;
                batch.add(routing::prompt_sent{"lamp", "buyer-" + std::to_string(thread), now + i});
                store_->commit(std::move(batch), std::make_unique<running_release>([&] { ++released; }));
            }
        });
    for (auto& each : threads)
        each.join();
    store_->stop();
    EXPECT_EQ(released, 800);
    EXPECT_EQ(store_->figures().records, 800U);
}

TEST_P(store_of, takes_a_release_without_records_and_records_without_a_release) {
    start();
    add_open(1);
    store_->commit(std::exchange(batch_, {}), nullptr);
    store_->commit({}, nullptr);
    commit();
    EXPECT_EQ(store_->figures().records, 1U);
}

TEST_P(store_of, names_closed_conversations_once_they_can_be_read) {
    start();
    add_open(1);
    add_line(1, 1, "hello");
    add_close(1);
    add_open(2);
    commit();
    wait_archived(1);
    ASSERT_EQ(archived_.size(), 1U);
    EXPECT_EQ(archived_[0].shop, "lamp");
    EXPECT_EQ(archived_[0].number, 1U);
    EXPECT_EQ(history({.shop = "lamp", .buyer = "bo", .limit = 10}).lines.size(), 1U);
}

TEST_P(store_of, pages_history_back_from_the_newest_line) {
    tell_three();
    history_query query{.shop = "lamp", .buyer = "bo", .limit = 5};
    std::vector<std::string> pages;
    for (bool more = true; more && pages.size() < 9;) {
        const auto page = history(query);
        pages.push_back(texts(page));
        more = page.more;
        query.below_number = page.lines.front().number;
        query.below_seq = page.lines.front().seq;
    }
    EXPECT_EQ(pages, (std::vector<std::string>{"2.4 3.1 3.2 3.3 3.4 +", "1.3 1.4 2.1 2.2 2.3 +", "1.1 1.2 "}));
}

TEST_P(store_of, says_that_a_page_which_ends_exactly_has_no_more) {
    tell_three();
    EXPECT_EQ(texts(history({.shop = "lamp", .buyer = "bo", .below_number = 2, .below_seq = 1, .limit = 4})), "1.1 1.2 1.3 1.4 ");
}

TEST_P(store_of, ends_a_page_by_bytes_but_never_before_one_line) {
    tell_three();
    EXPECT_EQ(texts(history({.shop = "lamp", .buyer = "bo", .limit = 5, .bytes = 7})), "3.3 3.4 +");
    EXPECT_EQ(texts(history({.shop = "lamp", .buyer = "bo", .limit = 5, .bytes = 1})), "3.4 +");
}

TEST_P(store_of, keeps_the_own_scope_to_whole_conversations_of_that_account) {
    tell_three();
    EXPECT_EQ(texts(history({.shop = "lamp", .buyer = "bo", .limit = 6, .owned_by = "lamp:amy"})), "1.3 1.4 3.1 3.2 3.3 3.4 +");
    EXPECT_EQ(texts(history({.shop = "lamp", .buyer = "bo", .limit = 9, .owned_by = "lamp:bert"})), "2.1 2.2 2.3 2.4 ");
    EXPECT_EQ(texts(history({.shop = "lamp", .buyer = "bo", .limit = 9, .owned_by = "lamp:cy"})), "");
}

TEST_P(store_of, gives_replies_above_a_position) {
    tell_three();
    const history_query query{
        .shop = "lamp", .buyer = "bo", .limit = 9, .agent_lines_only = true, .above_number = 2, .above_seq = 2};
    EXPECT_EQ(texts(history(query)), "2.4 3.2 3.4 ");
}

TEST_P(store_of, has_no_history_of_another_shop_or_buyer) {
    tell_three();
    EXPECT_EQ(texts(history({.shop = "tea", .buyer = "bo", .limit = 9})), "");
    EXPECT_EQ(texts(history({.shop = "lamp", .buyer = "cy", .limit = 9})), "");
}

TEST_P(store_of, counts_colleagues_with_a_closed_record_of_the_buyer) {
    add_open(4); // is in the archive too, and its lane counts it
    add_owner(4, "lamp:amy");
    tell_three();
    std::promise<std::vector<colleague_row>> answer;
    store_->read_colleagues("lamp", "bo", [&](auto got) { answer.set_value(std::move(got)); });
    const auto rows = answer.get_future().get();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].account + " " + std::to_string(rows[0].conversations), "lamp:amy 2");
    EXPECT_EQ(rows[1].account + " " + std::to_string(rows[1].conversations), "lamp:bert 1");
    EXPECT_EQ(rows[0].last_at, now + 4);
}

TEST_P(store_of, reads_a_closed_conversation_whole) {
    tell_three();
    const auto found = conversation("lamp", 2);
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->open());
    ASSERT_EQ(found->places.size(), 1U);
    EXPECT_EQ(found->places[0].owner, "lamp:bert");
    EXPECT_EQ(found->transcript.last_seq(), 4U);
    EXPECT_EQ(found->transcript.find("bo", "m3")->text, "2.3");
    EXPECT_FALSE(conversation("tea", 2)) << "another shop's conversation";
    EXPECT_FALSE(conversation("lamp", 9)) << "a conversation that never was";
}

TEST_P(store_of, drops_commits_after_stop) {
    start();
    store_->stop();
    store_->stop();
    add_open(1);
    bool released = false;
    commit([&] { released = true; });
    EXPECT_FALSE(released);
    EXPECT_EQ(store_->figures().records, 0U);
}

INSTANTIATE_TEST_SUITE_P(kind, store_of, testing::Values(kind::memory, kind::durable),
                         [](const auto& each) { return each.param == kind::memory ? "memory" : "durable"; });

TEST(memory_store, holds_no_more_closed_conversations_than_its_bytes) {
    const auto store = open_memory([] { return now; }, 10'000);
    store->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
    for (routing::conversation_number number = 1; number <= 40; ++number) {
        record_batch batch;
        batch.add(routing::conversation_opened{number, "lamp", "bo", now, {}, "", false});
        batch.add(routing::line_added{number, 1, now, routing::side::buyer, "bo", "m", std::string(950, 'x')});
        batch.add(routing::conversation_closed{number, now, "agent"});
        batch.add(routing::conversation_rated{1, now, "lamp:amy", 5}); // of one that is gone after a while
        store->commit(std::move(batch), nullptr);
    }
    std::promise<history_answer> answer;
    store->read_history({.shop = "lamp", .buyer = "bo", .limit = 100}, [&](auto got) { answer.set_value(std::move(got)); });
    std::vector<routing::conversation_number> left;
    for (const auto& line : answer.get_future().get().lines)
        left.push_back(line.number);
    ASSERT_FALSE(left.empty());
    EXPECT_LE(left.size(), 10U);
    EXPECT_EQ(left.back(), 40U);
    EXPECT_EQ(left.front(), 41 - left.size()) << "the oldest go first";
}

TEST(memory_store, counts_all_lines_of_long_conversations) {
    const auto store = open_memory([] { return now; }, 10'000);
    store->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
    constexpr routing::conversation_number all = 10;
    for (routing::conversation_number number = 1; number <= all; ++number) {
        record_batch batch;
        batch.add(routing::conversation_opened{number, "lamp", "bo", now, {}, "", false});
        for (std::uint64_t seq = 1; seq <= 200; ++seq)
            batch.add(routing::line_added{number, seq, now, routing::side::buyer, "bo", "m" + std::to_string(seq),
                                          "twenty bytes of text"});
        batch.add(routing::conversation_closed{number, now, "agent"});
        store->commit(std::move(batch), nullptr);
    }
    std::promise<history_answer> answer;
    store->read_history({.shop = "lamp", .buyer = "bo", .limit = 5'000, .bytes = 1'000'000},
                        [&](auto got) { answer.set_value(std::move(got)); });
    EXPECT_TRUE(answer.get_future().get().lines.empty()) << "each has some 13,000 bytes of lines";
}

TEST(memory_store, releases_before_commit_returns) {
    const auto store = open_memory([] { return now; });
    store->start(nullptr, nullptr);
    record_batch batch;
    batch.add(routing::shop_made{"lamp", now});
    bool released = false;
    store->commit(std::move(batch), std::make_unique<running_release>([&] { released = true; }));
    EXPECT_TRUE(released);
}

} // namespace
} // namespace fenliu::storage
