// What is removed is gone: from what the store answers and recovers, and from every byte of its directory. The audit that says so
// holds together, and shows when somebody was at it.
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <iterator>
#include <optional>
#include <random>

#include "protocol/limits.hpp"
#include "storage/archive_digest.hpp"
#include "storage/archive_schema.hpp"
#include "storage/data_directory.hpp"
#include "storage/open.hpp"
#include "storage/store_check.hpp"
#include "tests/storage/promised_release.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::storage {
namespace {

constexpr routing::timestamp_ms day = 86'400'000, now = 20'000 * day;
constexpr auto deadline = std::chrono::seconds{20};

class removal : public testing::Test {
protected:
    removal() { open(); }

    void open() {
        auto opened = open_durable({.directory = directory_.path(), .segment_bytes = 256 * 1024, .now = [] { return now; }});
        if (auto* failure = std::get_if<protocol::failure>(&opened)) throw std::runtime_error{failure->text};
        store_ = std::get<0>(std::move(opened));
        recovered_ = store_->take_recovered();
    }
    void start() {
        store_->start(nullptr, [](const protocol::failure& failure) { ADD_FAILURE() << failure.text; });
    }
    void stop() { store_.reset(); }
    void start_again() {
        stop();
        open();
        start();
    }
    void commit() {
        std::promise<void> done;
        store_->commit(std::exchange(batch_, {}), std::make_unique<promised_release>(done));
        ASSERT_EQ(done.get_future().wait_for(deadline), std::future_status::ready);
    }
    void wait_until_removed() {
        std::promise<void> done;
        store_->when_removed([&] { done.set_value(); });
        ASSERT_EQ(done.get_future().wait_for(deadline), std::future_status::ready);
    }
    /// A conversation with two lines and a decision, whose words hold the buyer's name.
    void add_talk(routing::conversation_number number, const std::string& buyer, routing::timestamp_ms at, bool closed = true) {
        batch_.add(routing::conversation_opened{number, "lamp", buyer, at, {}, "", false});
        const std::string id = buyer + "-id" + std::to_string(number), text = "words of " + buyer;
        batch_.add(routing::line_added{number, 1, at, routing::side::buyer, buyer, id, text});
        routing::decision_made made;
        made.number = number;
        made.shop = "lamp";
        made.message_id = id;
        made.request.buyer = buyer;
        batch_.add(made);
        const std::string reply = "dear " + buyer;
        batch_.add(routing::line_added{number, 2, at, routing::side::agent, "lamp:amy", "r" + id, reply});
        batch_.add(routing::order_changed{"lamp", buyer, at, "order-of-" + buyer, protocol::order_status::paid, 100, "lamp:amy"});
        if (closed) batch_.add(routing::conversation_closed{number, at, "agent"});
    }
    void add_deed(const std::string& verb, const std::string& detail) {
        batch_.add(routing::admin_acted{"lamp", now, "admin", verb, detail});
    }
    void erase(const std::string& buyer) { batch_.add(routing::buyer_erased{"lamp", buyer, now, "admin"}); }

    std::string history_of(const std::string& buyer) {
        std::promise<std::string> answer;
        store_->read_history({.shop = "lamp", .buyer = buyer, .limit = 100, .bytes = 10'000}, [&](const history_answer& found) {
            std::string texts;
            for (const auto& line : found.lines)
                texts += line.text + ".";
            answer.set_value(texts);
        });
        return answer.get_future().get();
    }
    audit_report verify(const std::string& head = {}) {
        std::promise<audit_report> answer;
        store_->verify_audit(head, [&](const audit_report& found) { answer.set_value(found); });
        return answer.get_future().get();
    }
    /// The files of the directory that hold the text.
    [[nodiscard]] std::vector<std::string> files_with(const std::string& text) const {
        std::vector<std::string> found;
        for (const auto& each : std::filesystem::directory_iterator{directory_.path()}) {
            std::ifstream file{each.path(), std::ios::binary};
            const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
            if (bytes.find(text) != std::string::npos) found.push_back(each.path().filename());
        }
        return found;
    }
    [[nodiscard]] const routing::buyer* recovered(const std::string& buyer) const {
        for (const auto& shop : recovered_.shops)
            for (const auto& [name, facts] : shop.buyers)
                if (name == buyer) return &facts;
        return nullptr;
    }
    /// Somebody who knows how the archive is written.
    void tamper(const std::string& sql) {
        stop();
        auto database = open_archive(directory_.path() / archive_name);
        {
            row_digests digests{*database};
            SQLite::Transaction transaction{*database};
            database->exec(sql);
            digests.write();
            transaction.commit();
        }
        database.reset();
        open();
        start();
    }

    temporary_directory directory_;
    std::unique_ptr<store> store_;
    storage::recovered recovered_;
    record_batch batch_;
};

TEST_F(removal, of_far_more_than_a_statement_can_hold_in_memory) {
    start();
    const std::string order(200, 'o');
    for (int i = 0; i < 60'000; ++i) {
        batch_.add(routing::order_changed{"lamp", "zhou", now, order + std::to_string(i), protocol::order_status::paid, 100, ""});
        if (i % 2'000 == 0) commit();
    }
    erase("zhou");
    commit();
    wait_until_removed();
    EXPECT_TRUE(files_with(order).empty());
}

TEST_F(removal, a_kill_right_after_it_leaves_a_whole_store) {
    start();
    add_talk(1, "zhou", now);
    commit();
    erase("zhou");
    commit();
    wait_until_removed();
    const temporary_directory killed;
    std::filesystem::copy(directory_.path(), killed.path());
    const auto found = check_store(killed.path());
    ASSERT_TRUE(std::holds_alternative<store_report>(found)) << std::get<protocol::failure>(found).text;
    EXPECT_TRUE(std::get<store_report>(found).findings.empty());
    auto opened = open_durable({.directory = killed.path(), .segment_bytes = 256 * 1024, .now = [] { return now; }});
    EXPECT_FALSE(std::holds_alternative<protocol::failure>(opened)) << std::get<protocol::failure>(opened).text;
}

TEST_F(removal, rows_that_moved_between_pages_leave_nothing_behind) {
    start();
    std::mt19937 dice{7};
    routing::conversation_number number = 0;
    std::vector<std::string> gone;
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < 60; ++i) {
            const bool goes = dice() % 3 == 0;
            const std::string name = (goes ? "gone" : "kept") + std::to_string(dice()) + std::string(dice() % 40, 'n');
            add_talk(++number, name, now);
            if (goes) gone.push_back(name);
        }
        commit();
        start_again(); // archives
    }
    for (const auto& each : gone)
        erase(each);
    commit();
    wait_until_removed();
    EXPECT_EQ(files_with("gone"), std::vector<std::string>{});
    EXPECT_FALSE(files_with("kept").empty());
}

TEST_F(removal, an_erased_buyer_is_in_no_byte_of_the_directory) {
    start();
    add_talk(1, "xantippe", now - 5 * day);
    add_talk(2, "bystander", now - 5 * day);
    commit();
    wait_until_removed(); // the archive has them
    add_talk(3, "xantippe", now);
    add_deed("buyer.set", R"({"buyer":"xantippe","tags":["shy"]})");
    add_deed("assign", R"({"conversation":")" + routing::to_id(3) + R"(","owner":"lamp:amy"})");
    commit();
    ASSERT_FALSE(files_with("xantippe").empty());
    erase("xantippe");
    add_deed("buyer.erase", R"({"note":"ticket 7"})");
    commit();
    wait_until_removed();
    EXPECT_EQ(files_with("xantippe"), std::vector<std::string>{});
    EXPECT_EQ(files_with(routing::to_id(3)), std::vector<std::string>{});
    EXPECT_EQ(history_of("xantippe"), "");
    EXPECT_EQ(history_of("bystander"), "words of bystander.dear bystander.");
    EXPECT_EQ(verify().rows, 3U);
    EXPECT_EQ(verify().erased, 2U);
    start_again();
    EXPECT_EQ(recovered("xantippe"), nullptr);
    EXPECT_NE(recovered("bystander"), nullptr);
    EXPECT_EQ(recovered_.last_number, 3U) << "a number is not used again";
}

TEST_F(removal, what_a_crash_interrupted_the_next_start_ends) {
    start();
    add_talk(1, "xantippe", now, false);
    commit();
    erase("xantippe");
    commit();
    start_again();
    EXPECT_EQ(recovered("xantippe"), nullptr);
    EXPECT_EQ(recovered_.last_number, 1U);
    wait_until_removed();
    EXPECT_EQ(files_with("xantippe"), std::vector<std::string>{});
}

TEST_F(removal, whoever_was_erased_comes_back_as_a_stranger) {
    start();
    add_talk(1, "xantippe", now - 5 * day);
    commit();
    wait_until_removed();
    erase("xantippe");
    batch_.add(routing::conversation_opened{2, "lamp", "xantippe", now, {}, "", false});
    batch_.add(routing::line_added{2, 1, now, routing::side::buyer, "xantippe", "m", "hello again"});
    commit();
    wait_until_removed();
    EXPECT_EQ(history_of("xantippe"), "hello again.");
    for (int restarts = 0; restarts < 2; ++restarts) {
        start_again();
        const auto* facts = recovered("xantippe");
        ASSERT_NE(facts, nullptr);
        EXPECT_EQ(facts->conversations, 1U);
        EXPECT_EQ(facts->recent_account, "");
        EXPECT_EQ(facts->traits, nullptr);
        EXPECT_EQ(files_with("words of xantippe"), std::vector<std::string>{});
    }
}

TEST_F(removal, pruning_takes_what_ended_before_and_leaves_the_rest) {
    start();
    add_talk(1, "early", now - 9 * day);
    add_talk(2, "often", now - 9 * day);
    add_talk(3, "often", now - 2 * day);
    add_talk(4, "patient", now - 9 * day, false);
    commit();
    batch_.add(routing::history_pruned{"lamp", now, "admin", now - 5 * day});
    batch_.add(routing::history_pruned{"tea", now, "admin", now});
    commit();
    wait_until_removed();
    EXPECT_EQ(history_of("early"), "");
    EXPECT_EQ(files_with("words of early"), std::vector<std::string>{});
    EXPECT_EQ(history_of("often"), "words of often.dear often.");
    EXPECT_EQ(history_of("patient"), "words of patient.dear patient.");
    start_again();
    EXPECT_NE(recovered("often"), nullptr);
    EXPECT_NE(recovered("patient"), nullptr);
}

TEST_F(removal, the_log_goes_on_after_it_was_dropped) {
    start();
    for (int round = 1; round <= 3; ++round) {
        add_talk(static_cast<routing::conversation_number>(2 * round - 1), "xantippe", now);
        add_talk(static_cast<routing::conversation_number>(2 * round), "bystander", now);
        erase("xantippe");
        commit();
        wait_until_removed();
        add_talk(static_cast<routing::conversation_number>(100 + round), "late", now);
        commit();
        start_again();
        EXPECT_EQ(files_with("xantippe"), std::vector<std::string>{});
    }
    wait_until_removed();
    EXPECT_EQ(history_of("bystander"), "words of bystander.dear bystander.words of bystander.dear bystander."
                                       "words of bystander.dear bystander.");
    EXPECT_EQ(history_of("late"), "words of late.dear late.words of late.dear late.words of late.dear late.");
}

class audit : public removal {
protected:
    audit() {
        start();
        for (int i = 0; i < 5; ++i)
            add_deed("shop.set", R"({"rating":")" + std::to_string(i) + R"("})");
        commit();
        wait_until_removed();
        head_ = verify().head;
    }
    std::string head_;
};

TEST_F(audit, holds_over_restarts_and_grows_from_its_head) {
    EXPECT_EQ(verify().rows, 5U);
    start_again();
    add_deed("drain", "{}");
    commit();
    wait_until_removed();
    const auto report = verify(head_);
    EXPECT_EQ(report.rows, 6U);
    EXPECT_EQ(report.broken_at, 0U);
    EXPECT_TRUE(report.head_found);
    EXPECT_NE(report.head, head_);
}

TEST_F(audit, shows_every_kind_of_change) {
    for (const char* change :
         {"UPDATE audit SET by = 'somebody' WHERE position = (SELECT min(position) FROM audit)",
          "UPDATE audit SET at = at + 1 WHERE position = (SELECT max(position) FROM audit)",
          "UPDATE audit SET shop = 'tea' WHERE position = (SELECT max(position) FROM audit)",
          "UPDATE audit SET verb = 'queue' WHERE position = (SELECT max(position) FROM audit)",
          "UPDATE audit SET detail = '{}' WHERE position = (SELECT max(position) FROM audit)",
          "UPDATE audit SET position = position + 1 WHERE position = (SELECT max(position) FROM audit)",
          "DELETE FROM audit WHERE position = (SELECT min(position) FROM audit)",
          "DELETE FROM audit WHERE position = (SELECT position FROM audit ORDER BY position LIMIT 1 OFFSET 2)",
          "INSERT INTO audit SELECT position + 1, shop, at, by, verb, detail, salt, digest, hash FROM audit "
          "ORDER BY position LIMIT 1"}) {
        stop();
        const auto kept = directory_.path() / "kept.sqlite";
        std::filesystem::copy_file(directory_.path() / archive_name, kept);
        open();
        start();
        tamper(change);
        EXPECT_NE(verify().broken_at, 0U) << change;
        stop();
        std::filesystem::rename(kept, directory_.path() / archive_name);
        open();
        start();
        ASSERT_EQ(verify().broken_at, 0U);
    }
}

TEST_F(audit, shows_a_lost_end_to_whoever_kept_the_head) {
    tamper("DELETE FROM audit WHERE position = (SELECT max(position) FROM audit)");
    EXPECT_EQ(verify().broken_at, 0U);
    EXPECT_FALSE(verify(head_).head_found);
}

} // namespace
} // namespace fenliu::storage
