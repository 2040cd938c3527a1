#include "apps/fenliu/replay_conversation.hpp"

#include <gtest/gtest.h>

#include "tests/apps/fenliu/recording.hpp"

namespace fenliu::apps::fenliu {
namespace {

using namespace std::chrono_literals;

class conversation_play_test : public testing::Test {
protected:
    template <class Turn>
    Turn take(elapsed now = 0ms) {
        const auto turn = play_.next(now);
        EXPECT_TRUE(turn && std::holds_alternative<Turn>(*turn));
        return turn && std::holds_alternative<Turn>(*turn) ? std::get<Turn>(*turn) : Turn{};
    }
    void expect_nothing(elapsed now = 0ms) { EXPECT_FALSE(play_.next(now)); }
    void assign(std::string_view account, std::uint64_t epoch, std::vector<protocol::tail_line> tail = {}) {
        protocol::assigned value;
        value.conversation = "k";
        value.epoch = epoch;
        value.buyer = "ann";
        value.tail = std::move(tail);
        recognised_ = play_.assigned(account, value);
    }
    void deliver(std::string_view account, std::uint64_t seq, std::string_view text) {
        play_.delivered(account, {"k", seq, "ann", text, 0});
    }

    replay_plan plan_ = plan_of({{'b', "one"}, {'a', "first"}, {'b', "two"}, {'a', "second"}});
    replay_conversation play_{plan_.conversations[0], {}};
    std::vector<recognised_reply> recognised_;
};

TEST_F(conversation_play_test, the_next_line_waits_until_the_one_before_is_stored) {
    EXPECT_EQ(take<publish_turn>().line, 0U);
    expect_nothing();
    play_.stored(0, "k", 1);
    EXPECT_EQ(take<publish_turn>().line, 1U);
    expect_nothing();
}

TEST_F(conversation_play_test, an_agent_answers_only_what_it_was_shown) {
    take<publish_turn>();
    assign("a1", 1);
    expect_nothing();
    deliver("a1", 1, "one");
    const auto say = take<say_turn>();
    EXPECT_EQ(say.line, 0U);
    EXPECT_EQ(say.attempt, 1U);
    expect_nothing();
}

TEST_F(conversation_play_test, the_owner_closes_when_every_answer_was_seen) {
    take<publish_turn>();
    assign("a1", 1);
    deliver("a1", 1, "one");
    take<say_turn>();
    play_.stored(0, "k", 1);
    play_.said(0, 0, "k", 2);
    take<publish_turn>();
    play_.stored(1, "k", 3);
    deliver("a1", 3, "two");
    take<say_turn>();
    play_.said(1, 0, "k", 4);
    play_.replied("k", 2);
    expect_nothing();
    play_.replied("k", 4);
    take<close_turn>();
    expect_nothing();
    play_.closed();
    EXPECT_TRUE(play_.over());
}

TEST_F(conversation_play_test, after_a_stale_epoch_the_next_owner_answers) {
    take<publish_turn>();
    assign("a1", 1);
    deliver("a1", 1, "one");
    take<say_turn>();
    play_.say_refused(0, 0, 1, true, 0ms);
    EXPECT_FALSE(std::holds_alternative<say_turn>(play_.next(0ms).value_or(publish_turn{})));
    assign("a2", 2, {{1, "ann", "one", 0}});
    EXPECT_EQ(take<say_turn>().attempt, 2U);
    EXPECT_EQ(play_.owner().account, "a2");
}

TEST_F(conversation_play_test, an_answer_that_the_tail_shows_is_not_given_again) {
    take<publish_turn>();
    assign("a1", 1);
    deliver("a1", 1, "one");
    play_.stored(0, "k", 1);
    take<say_turn>();
    assign("a2", 2, {{1, "ann", "one", 0}, {2, "a1", "first", 0}});
    ASSERT_EQ(recognised_.size(), 1U);
    EXPECT_EQ(recognised_[0].seq, 2U);
    play_.say_refused(0, 0, 1, true, 0ms);
    take<publish_turn>();
    expect_nothing();
}

TEST_F(conversation_play_test, an_older_assignment_that_is_read_late_changes_nothing) {
    assign("a2", 2);
    assign("a1", 1);
    EXPECT_EQ(play_.owner().account, "a2");
}

TEST_F(conversation_play_test, without_an_owner_nothing_is_said) {
    take<publish_turn>();
    assign("a1", 1);
    deliver("a1", 1, "one");
    play_.unassigned({"k", 1, "reassigned"});
    expect_nothing();
    EXPECT_FALSE(play_.wakes_at());
}

TEST_F(conversation_play_test, a_refused_line_is_sent_again_when_its_time_has_come) {
    take<publish_turn>();
    play_.line_refused(0, 200ms);
    expect_nothing(199ms);
    EXPECT_EQ(play_.wakes_at(), elapsed(200ms));
    EXPECT_EQ(take<publish_turn>(200ms).line, 0U);
}

TEST_F(conversation_play_test, it_says_what_it_waits_for) {
    EXPECT_EQ(play_.waits_for(), "line 1 is not published yet");
    take<publish_turn>();
    EXPECT_EQ(play_.waits_for(), "line 1 is not acknowledged");
    play_.stored(0, "k", 1);
    EXPECT_EQ(play_.waits_for(), "line 1 was shown to no agent of the replay");
    assign("a1", 1);
    deliver("a1", 1, "one");
    EXPECT_EQ(play_.waits_for(), "the answer to line 1 waits for an owner");
    take<say_turn>();
    EXPECT_EQ(play_.waits_for(), "the answer to line 1 is not acknowledged");
    play_.said(0, 0, "k", 2);
    EXPECT_EQ(play_.waits_for(), "the answer to line 1 did not reach its buyer");
}

TEST(replay_pace, divides_recorded_time_by_the_speed) {
    EXPECT_EQ((replay_pace{0, 1'000}.due(61'000)), elapsed(0));
    EXPECT_EQ((replay_pace{60, 1'000}.due(61'000)), elapsed(1s));
}

} // namespace
} // namespace fenliu::apps::fenliu
