// What the ledger finds when it holds history against what it saw.
#include "tests/apps/fenliu/ledger_fixture.hpp"

namespace fenliu::apps::fenliu {
namespace {

class history_ledger_test : public ledger_test {
protected:
    void SetUp() override { play_well(); }
};

TEST_F(history_ledger_test, a_line_that_history_lacks_is_lost) {
    history({entry(1, "ann", "one"), entry(2, "demo:a1", "first"), entry(4, "demo:a1", "second")});
    EXPECT_EQ(ledger_.finish(true).lost, 2U) << "the line, and the gap where it should stand";
}

TEST_F(history_ledger_test, an_answer_that_history_lacks_is_lost) {
    history({entry(1, "ann", "one"), entry(2, "demo:a1", "first"), entry(3, "ann", "two")});
    EXPECT_EQ(ledger_.finish(true).lost, 1U);
}

TEST_F(history_ledger_test, a_line_that_stands_twice_is_doubled) {
    read_whole_history();
    history({entry(3, "ann", "two")});
    EXPECT_EQ(ledger_.finish(true).duplicated, 1U);
}

TEST_F(history_ledger_test, a_second_copy_under_another_number_is_doubled) {
    read_whole_history();
    history({entry(5, "ann", "two")});
    EXPECT_EQ(ledger_.finish(true).duplicated, 1U);
}

TEST_F(history_ledger_test, a_second_copy_in_another_conversation_is_doubled) {
    read_whole_history();
    history({{"other", 1, "ann", "two", 0}});
    EXPECT_EQ(ledger_.finish(true).duplicated, 1U);
}

TEST_F(history_ledger_test, a_second_copy_of_an_answer_is_doubled) {
    read_whole_history();
    history({entry(5, "demo:a1", "second")});
    EXPECT_EQ(ledger_.finish(true).duplicated, 1U);
}

TEST_F(history_ledger_test, an_attempt_whose_fate_was_never_told_may_stand_in_history_once) {
    ledger_.reply_published(1); // again, after a STALE_EPOCH: the first attempt may have been stored
    read_whole_history();
    history({entry(5, "demo:a1", "second")});
    EXPECT_EQ(ledger_.so_far().duplicated, 0U);
    history({entry(6, "demo:a1", "second")});
    EXPECT_EQ(ledger_.so_far().duplicated, 1U);
}

TEST_F(history_ledger_test, lines_of_somebody_else_in_the_shop_are_not_judged) {
    read_whole_history();
    history({entry(5, "demo:human", "I take over")});
    EXPECT_TRUE(ledger_.finish(true).good());
}

TEST_F(history_ledger_test, another_text_or_sender_in_history_is_a_loss) {
    history({entry(1, "ann", "One"), entry(2, "demo:a1", "first"), entry(3, "ben", "two"), entry(4, "demo:a1", "2nd")});
    EXPECT_EQ(ledger_.finish(true).lost, 3U);
}

TEST_F(history_ledger_test, a_page_in_disorder_is_out_of_order) {
    history({entry(2, "demo:a1", "first"), entry(1, "ann", "one"), entry(3, "ann", "two"), entry(4, "demo:a1", "second")});
    const auto report = ledger_.finish(true);
    EXPECT_EQ(report.out_of_order, 1U);
    EXPECT_EQ(report.lost, 0U);
}

TEST_F(history_ledger_test, pages_may_come_newest_first) {
    history({entry(3, "ann", "two"), entry(4, "demo:a1", "second")});
    history({entry(1, "ann", "one"), entry(2, "demo:a1", "first")});
    EXPECT_TRUE(ledger_.finish(true).good());
}

TEST_F(history_ledger_test, a_run_that_stopped_early_is_not_good_whatever_was_seen) {
    EXPECT_FALSE(ledger_.finish(false).good());
}

} // namespace
} // namespace fenliu::apps::fenliu
