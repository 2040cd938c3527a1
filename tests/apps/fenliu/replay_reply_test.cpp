// What the ledger finds on the way of answers: says, their acks, and the buyers' replies.
#include "tests/apps/fenliu/ledger_fixture.hpp"

namespace fenliu::apps::fenliu {
namespace {

class reply_ledger_test : public ledger_test {
protected:
    void SetUp() override {
        ledger_.agent_session(a1);
        assign(a1, 1);
    }
};

TEST_F(reply_ledger_test, an_answer_that_was_never_acknowledged_is_lost) {
    ledger_.reply_published(0);
    EXPECT_EQ(ledger_.finish(false).lost, 1U);
}

TEST_F(reply_ledger_test, an_answer_that_never_reached_its_buyer_is_lost) {
    say(0, a1, 1, 2);
    const auto report = ledger_.finish(false);
    EXPECT_EQ(report.lost, 1U);
    EXPECT_EQ(report.replies_published, 1U);
    EXPECT_EQ(report.replies_delivered, 0U);
}

TEST_F(reply_ledger_test, a_reply_may_come_before_the_ack_of_its_say) {
    ledger_.reply_published(0);
    reply(2, "first");
    ledger_.said(0, a1, "k", 1, 2);
    const auto report = ledger_.finish(false);
    EXPECT_EQ(report.lost, 0U);
    EXPECT_EQ(report.replies_delivered, 1U);
}

TEST_F(reply_ledger_test, another_text_than_was_said_is_a_loss) {
    say(0, a1, 1, 2);
    reply(2, "First");
    EXPECT_EQ(ledger_.finish(false).lost, 1U);
}

TEST_F(reply_ledger_test, a_reply_that_comes_twice_is_doubled) {
    say(0, a1, 1, 2);
    reply(2, "first");
    reply(2, "first");
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
}

TEST_F(reply_ledger_test, a_reply_that_comes_again_after_an_attach_is_doubled) {
    say(0, a1, 1, 2);
    reply(2, "first");
    ledger_.attached("k");
    reply(2, "first");
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
}

TEST_F(reply_ledger_test, a_reply_that_comes_again_in_another_session_is_redelivered) {
    say(0, a1, 1, 2);
    reply(2, "first");
    reply(2, "first", 2);
    EXPECT_EQ(ledger_.so_far().redelivered, 1U);
    EXPECT_EQ(ledger_.so_far().duplicated, 0U);
    EXPECT_EQ(ledger_.so_far().replies_delivered, 1U);
}

TEST_F(reply_ledger_test, a_reply_after_a_later_one_is_out_of_order) {
    say(0, a1, 1, 2);
    say(1, a1, 1, 3);
    reply(3, "second");
    reply(2, "first");
    EXPECT_EQ(ledger_.so_far().out_of_order, 1U);
}

TEST_F(reply_ledger_test, what_an_attach_brings_may_come_after_a_later_reply_once) {
    ledger_.attached("k");
    say(0, a1, 1, 2);
    say(1, a1, 1, 4);
    reply(4, "second");
    reply(2, "first");
    EXPECT_EQ(ledger_.so_far().out_of_order, 0U);
}

TEST_F(reply_ledger_test, an_answer_acknowledged_as_two_is_doubled) {
    say(0, a1, 1, 2);
    ledger_.said(0, a1, "k", 1, 3);
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
}

TEST_F(reply_ledger_test, two_answers_acknowledged_as_the_same_one_are_a_loss) {
    say(0, a1, 1, 2);
    say(1, a1, 1, 2);
    EXPECT_EQ(ledger_.so_far().lost, 1U);
}

TEST_F(reply_ledger_test, an_answer_found_in_a_tail_counts_as_given) {
    ledger_.reply_published(0);
    ledger_.recognised(0, "k", 2);
    reply(2, "first");
    const auto report = ledger_.finish(false);
    EXPECT_EQ(report.lost, 0U);
    EXPECT_EQ(report.replies_delivered, 1U);
}

TEST_F(reply_ledger_test, a_second_attempt_is_the_same_answer) {
    ledger_.reply_published(0);
    say(0, a1, 1, 2);
    EXPECT_EQ(ledger_.so_far().replies_published, 1U);
}

} // namespace
} // namespace fenliu::apps::fenliu
