// What the ledger finds on the way of buyer lines: acks and deliveries.
#include "tests/apps/fenliu/ledger_fixture.hpp"

namespace fenliu::apps::fenliu {
namespace {

class line_ledger_test : public ledger_test {};

TEST_F(line_ledger_test, a_faultless_run_is_good) {
    play_well();
    unassign(a1, 1);
    read_whole_history();
    const auto report = ledger_.finish(true);
    EXPECT_TRUE(report.good()) << report.findings.front();
    EXPECT_TRUE(report.findings.empty());
    EXPECT_EQ(report.buyer_messages, 2U);
    EXPECT_EQ(report.stored, 2U);
    EXPECT_EQ(report.delivered, 2U);
    EXPECT_EQ(report.conversations, 1U);
    EXPECT_EQ(report.replies_published, 2U);
    EXPECT_EQ(report.replies_delivered, 2U);
    EXPECT_EQ(report.assigned_by_reason, (std::map<std::string, std::uint64_t>{{"ASSIGNED_ANY", 1}}));
    EXPECT_EQ(report.per_agent, (std::map<std::string, std::uint64_t>{{"demo:a1", 1}}));
    EXPECT_DOUBLE_EQ(report.latency_ms.max, 5);
}

TEST_F(line_ledger_test, a_line_that_was_never_acknowledged_is_lost) {
    publish(0);
    EXPECT_EQ(ledger_.finish(false).lost, 1U);
}

TEST_F(line_ledger_test, a_line_that_no_agent_was_shown_is_lost) {
    store(0, 1);
    const auto report = ledger_.finish(false);
    EXPECT_EQ(report.stored, 1U);
    EXPECT_EQ(report.delivered, 0U);
    EXPECT_EQ(report.lost, 1U);
}

TEST_F(line_ledger_test, a_line_may_be_delivered_before_its_ack_is_read) {
    ledger_.agent_session(a1);
    publish(0, 2);
    assign(a1, 1);
    deliver(a1, 1, "one");
    ledger_.stored(0, "k", 1);
    const auto report = ledger_.finish(false);
    EXPECT_EQ(report.delivered, 1U);
    EXPECT_EQ(report.lost, 0U);
    EXPECT_DOUBLE_EQ(report.latency_ms.p50, 3);
}

TEST_F(line_ledger_test, another_text_than_was_published_is_a_loss) {
    ledger_.agent_session(a1);
    store(0, 1);
    assign(a1, 1);
    deliver(a1, 1, "One");
    EXPECT_EQ(ledger_.finish(false).lost, 1U);
}

TEST_F(line_ledger_test, another_text_is_found_also_when_the_ack_comes_later) {
    ledger_.agent_session(a1);
    publish(0);
    assign(a1, 1);
    deliver(a1, 1, "One");
    ledger_.stored(0, "k", 1);
    EXPECT_EQ(ledger_.finish(false).lost, 1U);
}

TEST_F(line_ledger_test, two_lines_acknowledged_as_the_same_one_are_a_loss) {
    store(0, 1);
    store(1, 1);
    EXPECT_EQ(ledger_.so_far().lost, 1U);
}

TEST_F(line_ledger_test, one_line_acknowledged_as_two_is_doubled) {
    store(0, 1);
    ledger_.stored(0, "k", 2);
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
}

TEST_F(line_ledger_test, the_same_ack_again_is_no_fault) {
    store(0, 1);
    ledger_.stored(0, "k", 1);
    EXPECT_EQ(ledger_.so_far().duplicated, 0U);
    EXPECT_EQ(ledger_.so_far().stored, 1U);
}

TEST_F(line_ledger_test, an_earlier_line_stored_after_a_later_one_is_out_of_order) {
    store(0, 3);
    store(1, 1);
    EXPECT_EQ(ledger_.finish(false).out_of_order, 1U);
}

TEST_F(line_ledger_test, a_line_sent_twice_in_one_session_is_doubled) {
    play_well();
    deliver(a1, 3, "two");
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
    EXPECT_EQ(ledger_.so_far().redelivered, 0U);
}

TEST_F(line_ledger_test, a_line_that_stood_in_the_tail_and_is_sent_too_is_doubled) {
    ledger_.agent_session(a1);
    store(0, 1);
    assign(a1, 1, {{1, "ann", "one", 0}});
    deliver(a1, 1, "one");
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
}

TEST_F(line_ledger_test, a_repeat_after_the_session_was_lost_is_redelivered) {
    play_well();
    ledger_.agent_session(a1);
    assign(a1, 1);
    deliver(a1, 3, "two");
    EXPECT_EQ(ledger_.so_far().redelivered, 1U);
    EXPECT_EQ(ledger_.so_far().duplicated, 0U);
    EXPECT_EQ(ledger_.so_far().owner_overlaps, 0U);
    EXPECT_EQ(ledger_.so_far().delivered, 2U);
}

TEST_F(line_ledger_test, a_line_sent_to_a_second_owner_is_doubled) {
    play_well();
    unassign(a1, 1);
    ledger_.agent_session(a2);
    assign(a2, 2);
    deliver(a2, 3, "two");
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
}

TEST_F(line_ledger_test, a_later_owner_gets_the_lines_in_the_tail_without_fault) {
    play_well();
    unassign(a1, 1);
    ledger_.agent_session(a2);
    assign(a2, 2, {{1, "ann", "one", 0}, {2, a1, "first", 0}, {3, "ann", "two", 0}, {4, a1, "second", 0}});
    const auto report = ledger_.finish(false);
    EXPECT_EQ(report.duplicated + report.redelivered + report.out_of_order + report.owner_overlaps + report.lost, 0U);
    EXPECT_EQ(report.per_agent.at("demo:a2"), 1U);
}

TEST_F(line_ledger_test, a_line_that_comes_after_a_later_one_is_out_of_order) {
    ledger_.agent_session(a1);
    store(0, 1);
    store(1, 2);
    assign(a1, 1);
    deliver(a1, 2, "two");
    deliver(a1, 1, "one");
    EXPECT_EQ(ledger_.so_far().out_of_order, 1U);
    EXPECT_EQ(ledger_.so_far().duplicated, 0U);
}

TEST_F(line_ledger_test, a_tail_in_disorder_is_out_of_order) {
    ledger_.agent_session(a1);
    assign(a1, 1, {{2, "ann", "two", 0}, {1, "ann", "one", 0}});
    EXPECT_EQ(ledger_.so_far().out_of_order, 1U);
}

TEST_F(line_ledger_test, what_was_there_before_the_replay_is_none_of_ours) {
    ledger_.existed_before("k", 7);
    ledger_.agent_session(a1);
    assign(a1, 3, {{6, "ann", "old", 0}, {7, "ann", "older", 0}});
    deliver(a1, 7, "older");
    store(0, 8);
    deliver(a1, 8, "one");
    const auto report = ledger_.finish(false);
    EXPECT_EQ(report.lost + report.duplicated + report.out_of_order + report.owner_overlaps, 0U);
    EXPECT_EQ(report.delivered, 1U);
}

TEST_F(line_ledger_test, an_ack_that_names_an_old_line_is_a_loss) {
    ledger_.existed_before("k", 7);
    store(0, 7);
    EXPECT_EQ(ledger_.so_far().lost, 1U);
}

TEST_F(line_ledger_test, each_lost_line_counts_once_however_much_is_wrong_with_it) {
    ledger_.agent_session(a1);
    store(0, 1);
    assign(a1, 1);
    deliver(a1, 1, "wrong");
    history({entry(1, "ann", "wrong too")});
    EXPECT_EQ(ledger_.finish(true).lost, 1U);
}

} // namespace
} // namespace fenliu::apps::fenliu
