// What explain and the audit read: the same whether the archive has it already or only the log.
#include <future>

#include <gtest/gtest.h>

#include "storage/open.hpp"
#include "tests/storage/temporary_directory.hpp"

namespace fenliu::storage {
namespace {

using namespace routing;

constexpr timestamp_ms day = 1'700'000'000'000;

decision_made decision_of(conversation_number number, std::string_view message) {
    decision_made made;
    made.number = number;
    made.shop = "lamp";
    made.at = day;
    made.message_id = message;
    made.agent = "lamp:amy";
    made.reason = reason::assigned_any;
    return made;
}

roster_noted note() {
    roster_noted noted{"lamp", day, 1, 1, 0, {}, {}};
    noted.agents.push_back({"lamp:amy", 0.5, true});
    return noted;
}

/// The archived case stops the store and opens it again, which archives everything.
class past_of : public testing::TestWithParam<bool> {
protected:
    past_of() {
        open();
        record_batch first;
        first.add(shop_made{"lamp", day});
        first.add(policy_part{"lamp", "the "});
        first.add(policy_set{"lamp", 1, day, "configuration", "configuration", "", "first"});
        first.add(roster_noted{"lamp", day - 1, 1, 1, 7, {}, {}});
        first.add(note());
        first.add(conversation_opened{1, "lamp", "alice", day});
        first.add(line_added{1, 1, day, side::buyer, "alice", "m-1", "hello"});
        first.add(decision_of(1, "m-1"));
        first.add(agent_reported{"lamp", "lamp:amy", day, true});
        first.add(line_added{1, 2, day, side::buyer, "alice", "m-2", "are you there?"});
        first.add(decision_of(1, ""));
        first.add(admin_acted{"lamp", day, "admin", "shop.set", "{}"});
        first.add(admin_acted{"tea", day, "tea", "agent.set", "{}"});
        first.add(policy_set{"lamp", 2, day, "admin", "put", "better", "second"});
        std::promise<void> done;
        store_->commit(std::move(first), std::make_unique<promised>(done));
        done.get_future().wait();
        if (!GetParam()) return;
        store_->stop();
        open();
    }
    ~past_of() override { store_->stop(); }

    struct promised final : release {
        explicit promised(std::promise<void>& of)
            : done{of} {}
        void run() noexcept override { done.set_value(); }
        std::promise<void>& done;
    };
    void open() {
        store_.reset();
        store_ =
            std::get<0>(open_durable({.directory = directory_.path(), .segment_bytes = 256 * 1024, .now = [] { return day; }}));
        (void)store_->take_recovered();
        store_->start(nullptr, nullptr);
    }
    template <class Answer, class Ask>
    Answer answer_of(Ask ask) {
        std::promise<Answer> given;
        ask([&](Answer answer) { given.set_value(std::move(answer)); });
        return given.get_future().get();
    }
    std::vector<stored_decision> decisions(std::size_t limit) {
        return answer_of<std::vector<stored_decision>>([&](auto answer) {
            store_->read_decisions({"lamp", 1, limit}, std::move(answer));
        });
    }
    conversation_number message(const std::string& id) {
        return answer_of<conversation_number>([&](auto answer) { store_->find_message("lamp", id, std::move(answer)); });
    }
    std::optional<policy_version> policy(std::uint32_t version) {
        return answer_of<std::optional<policy_version>>(
            [&](auto answer) { store_->read_policy("lamp", version, std::move(answer)); });
    }

    const temporary_directory directory_;
    std::unique_ptr<store> store_;
};

TEST_P(past_of, decisions_gives_the_newest_oldest_first) {
    const auto all = decisions(10);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_LT(all[0].position, all[1].position);
    record first;
    ASSERT_TRUE(decode(all[0].payload, first));
    EXPECT_EQ(std::get<decision_made>(first).message_id, "m-1");
    EXPECT_EQ(decisions(1).at(0).position, all[1].position);
}

TEST_P(past_of, messages_finds_those_that_were_decided_and_those_that_were_not) {
    EXPECT_EQ(message("m-1"), 1U);
    EXPECT_EQ(message("m-2"), 1U);
    EXPECT_EQ(message("m-3"), 0U);
}

TEST_P(past_of, policies_gives_every_version_whole) {
    ASSERT_TRUE(policy(1));
    EXPECT_EQ(policy(1)->text, "the first");
    EXPECT_EQ(policy(2)->note, "better");
    EXPECT_FALSE(policy(3));
}

TEST_P(past_of, deeds_gives_those_of_one_shop_or_of_all) {
    const auto of = [&](std::string shop) {
        return answer_of<std::vector<stored_deed>>([&](auto answer) { store_->read_deeds({shop, 0, 10}, std::move(answer)); });
    };
    ASSERT_EQ(of("lamp").size(), 1U);
    EXPECT_EQ(of("lamp")[0].verb, "shop.set");
    ASSERT_EQ(of("").size(), 2U);
    EXPECT_EQ(of("")[0].shop, "tea") << "newest first";
}

TEST_P(past_of, the_roster_has_the_last_note_before_the_decision_and_all_up_to_the_last) {
    const auto all = decisions(10);
    std::vector<std::size_t> kinds;
    const bool whole = answer_of<bool>([&](auto answer) {
        store_->replay_roster(
            {"lamp", all[0].position, all[1].position}, [&](const record& each, std::uint64_t) { kinds.push_back(each.index()); },
            std::move(answer));
    });
    EXPECT_TRUE(whole);
    ASSERT_EQ(kinds.size(), 11U) << "what stands before the notes as well";
    EXPECT_EQ(kinds[4], record{note()}.index());
    EXPECT_EQ(kinds.back(), record{decision_of(1, "")}.index());
}

INSTANTIATE_TEST_SUITE_P(where, past_of, testing::Bool(),
                         [](const auto& each) { return std::string{each.param ? "the_archive" : "the_log"}; });

} // namespace
} // namespace fenliu::storage
