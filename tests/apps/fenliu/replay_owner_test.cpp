// What the ledger finds about ownership: one owner at a time, by epochs and by the lines each was served.
#include "tests/apps/fenliu/ledger_fixture.hpp"

namespace fenliu::apps::fenliu {
namespace {

class owner_ledger_test : public ledger_test {
protected:
    void SetUp() override {
        ledger_.agent_session(a1);
        ledger_.agent_session(a2);
    }
    [[nodiscard]] std::uint64_t overlaps() const { return ledger_.so_far().owner_overlaps; }
};

TEST_F(owner_ledger_test, one_epoch_for_two_accounts_is_an_overlap) {
    assign(a1, 1);
    assign(a2, 1);
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, an_epoch_that_falls_at_one_account_is_an_overlap) {
    assign(a1, 2);
    assign(a1, 1);
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, the_same_assignment_twice_in_one_session_is_an_overlap) {
    assign(a1, 1);
    assign(a1, 1);
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, the_same_assignment_again_in_a_new_session_is_none) {
    assign(a1, 1);
    ledger_.agent_session(a1);
    assign(a1, 1);
    EXPECT_EQ(overlaps(), 0U);
}

TEST_F(owner_ledger_test, an_older_epoch_of_another_account_may_be_read_late) {
    assign(a2, 2);
    assign(a1, 1);
    EXPECT_EQ(overlaps(), 0U);
}

TEST_F(owner_ledger_test, a_line_sent_to_an_account_that_owns_nothing_is_an_overlap) {
    deliver(a1, 1, "one");
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, a_line_sent_after_the_unassignment_is_an_overlap) {
    assign(a1, 1);
    unassign(a1, 1);
    deliver(a1, 1, "one");
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, a_line_sent_in_a_new_session_before_its_assignment_is_an_overlap) {
    assign(a1, 1);
    ledger_.agent_session(a1);
    deliver(a1, 1, "one");
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, an_unassignment_of_an_old_epoch_takes_nothing_away) {
    assign(a1, 1);
    assign(a1, 3);
    unassign(a1, 1);
    deliver(a1, 1, "one");
    EXPECT_EQ(overlaps(), 0U);
}

TEST_F(owner_ledger_test, a_say_accepted_from_another_account_than_the_owner_is_an_overlap) {
    assign(a1, 1);
    say(0, a2, 1, 2);
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, a_say_accepted_under_an_epoch_nobody_had_is_an_overlap) {
    assign(a1, 1);
    say(0, a1, 9, 2);
    EXPECT_EQ(overlaps(), 1U);
}

TEST_F(owner_ledger_test, a_say_of_the_old_owner_accepted_among_those_of_the_new_one_is_an_overlap) {
    assign(a1, 1);
    assign(a2, 2);
    say(0, a2, 2, 5);
    say(1, a1, 1, 6);
    EXPECT_EQ(ledger_.finish(false).owner_overlaps, 1U);
}

TEST_F(owner_ledger_test, a_line_sent_to_the_old_owner_after_the_new_one_spoke_is_an_overlap) {
    assign(a1, 1);
    assign(a2, 2);
    say(0, a2, 2, 5);
    deliver(a1, 6, "two");
    EXPECT_EQ(ledger_.finish(false).owner_overlaps, 1U);
}

TEST_F(owner_ledger_test, owners_that_follow_each_other_do_not_overlap) {
    assign(a1, 1);
    deliver(a1, 1, "one");
    say(0, a1, 1, 2);
    unassign(a1, 1);
    assign(a2, 2);
    deliver(a2, 3, "two");
    say(1, a2, 2, 4);
    EXPECT_EQ(ledger_.finish(false).owner_overlaps, 0U);
}

TEST_F(owner_ledger_test, the_live_view_counts_what_each_account_owns_now) {
    assign(a1, 1);
    EXPECT_EQ(ledger_.accounts().at("demo:a1").open, 1U);
    ledger_.agent_session(a1);
    EXPECT_EQ(ledger_.accounts().at("demo:a1").open, 0U);
    assign(a1, 1);
    unassign(a1, 1);
    EXPECT_EQ(ledger_.accounts().at("demo:a1").open, 0U);
    EXPECT_EQ(ledger_.accounts().at("demo:a1").conversations, 1U);
}

} // namespace
} // namespace fenliu::apps::fenliu
