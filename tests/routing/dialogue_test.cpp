#include "routing/dialogue.hpp"

#include <gtest/gtest.h>

#include "protocol/limits.hpp"

namespace fenliu::routing {
namespace {

using protocol::errc;

struct dialogue : testing::Test {
    dialogue() {
        apply(value, conversation_opened{7, "acme", "alice", 1'000, {}, {}, false});
        say("m1", "hello");
        place("acme:amy");
    }
    void say(std::string_view msg_id, std::string_view text) {
        apply(value, std::get<line_added>(add_buyer_line(value, msg_id, text, 1'000)));
    }
    void place(std::string_view owner, bool forwarded = false, timestamp_ms at = 2'000) {
        place_changed fact{7, value.epoch + 1, at, conversation_state::assigned, owner, reason::assigned_any};
        fact.forwarded = forwarded;
        apply(value, fact);
    }
    conversation value;
};

TEST_F(dialogue, lines_are_numbered_without_a_gap) {
    EXPECT_EQ(std::get<line_added>(add_buyer_line(value, "m2", "again", 1'001)).seq, 2U);
    EXPECT_EQ(std::get<line_added>(add_agent_line(value, "acme:amy", 1, "a1", "hi", 1'002)).seq, 2U);
}

TEST_F(dialogue, a_duplicate_answers_the_original_seq) {
    EXPECT_EQ(std::get<repeated_line>(add_buyer_line(value, "m1", "hello", 2'000)).seq, 1U);
}

TEST_F(dialogue, an_id_with_other_words_is_refused) {
    EXPECT_EQ(std::get<errc>(add_buyer_line(value, "m1", "other", 2'000)), errc::id_reused);
}

TEST_F(dialogue, two_senders_may_use_the_same_id) {
    EXPECT_EQ(std::get<line_added>(add_agent_line(value, "acme:amy", 1, "m1", "hi", 2'000)).seq, 2U);
}

TEST_F(dialogue, an_old_epoch_is_stale_and_another_account_is_forbidden) {
    place("acme:bob", true);
    EXPECT_EQ(check_command(value, "acme:amy", 1), errc::stale_epoch);
    EXPECT_EQ(check_command(value, "acme:amy", 2), errc::forbidden);
    EXPECT_EQ(check_command(value, "acme:bob", 2), errc::ok);
    EXPECT_EQ(std::get<errc>(add_agent_line(value, "acme:amy", 1, "a1", "hi", 2'000)), errc::stale_epoch);
}

TEST_F(dialogue, after_the_close_a_new_line_is_expired_and_a_repeat_is_still_answered) {
    apply(value, std::get<line_added>(add_agent_line(value, "acme:amy", 1, "a1", "hi", 2'000)));
    apply(value, conversation_closed{7, 3'000, "agent"});
    EXPECT_EQ(std::get<errc>(add_agent_line(value, "acme:amy", 1, "a2", "more", 3'001)), errc::expired);
    EXPECT_EQ(std::get<repeated_line>(add_agent_line(value, "acme:amy", 1, "a1", "hi", 3'001)).seq, 2U);
    EXPECT_EQ(std::get<errc>(add_buyer_line(value, "m9", "x", 3'001)), errc::expired);
}

TEST_F(dialogue, a_forward_may_not_loop_unless_somebody_answered_in_between) {
    place("acme:bob", true, 3'000);
    EXPECT_EQ(check_forward_chain(value, "acme:amy"), errc::forward_rejected);
    EXPECT_EQ(check_forward_chain(value, "acme:cat"), errc::ok);
    apply(value, std::get<line_added>(add_agent_line(value, "acme:bob", 2, "a1", "hi", 3'500)));
    EXPECT_EQ(check_forward_chain(value, "acme:amy"), errc::ok);
}

TEST_F(dialogue, a_forward_chain_ends) {
    for (std::size_t i = 0; i + 1 < limits::forward_chain; ++i)
        place("acme:x" + std::to_string(i), true, 3'000);
    EXPECT_EQ(check_forward_chain(value, "acme:new"), errc::ok);
    place("acme:last", true, 3'000);
    EXPECT_EQ(check_forward_chain(value, "acme:new"), errc::forward_rejected);
}

} // namespace
} // namespace fenliu::routing
