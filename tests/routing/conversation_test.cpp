// The folds: what the journal's facts make of a conversation, a buyer and an account.
#include "routing/conversation.hpp"

#include <gtest/gtest.h>

#include "routing/account.hpp"
#include "routing/buyer.hpp"

namespace fenliu::routing {
namespace {

place_changed award(std::string_view owner, timestamp_ms at) {
    place_changed fact{1, 1, at, conversation_state::assigned, owner, reason::assigned_any};
    fact.contact = true;
    fact.counted = true;
    return fact;
}

TEST(buyer, an_award_sets_the_recent_contact_and_counts_the_buyer) {
    buyer value;
    apply(value, award("acme:amy", 50));
    EXPECT_EQ(value.recent_account, "acme:amy");
    EXPECT_EQ(value.recent_at, 50);
    EXPECT_EQ(value.last_counted, 50);
}

TEST(buyer, what_is_stored_for_an_offline_account_sets_no_recent_contact) {
    buyer value;
    auto fact = award("acme", 50);
    fact.contact = false;
    apply(value, fact);
    EXPECT_TRUE(value.recent_account.empty());
}

TEST(buyer, an_agents_own_line_renews_the_contact_and_a_robots_does_not) {
    buyer value;
    apply(value, award("acme:amy", 50));
    apply(value, line_added{1, 2, 60, side::agent, "acme:bob", "a", "hi"});
    EXPECT_EQ(value.recent_account, "acme:bob");
    EXPECT_EQ(value.recent_at, 60);
    apply(value, line_added{1, 3, 70, side::robot, "acme:robot", "r", "hi"});
    EXPECT_EQ(value.recent_account, "acme:bob");
}

TEST(buyer, a_forward_is_remembered_until_another_contact) {
    buyer value;
    auto fact = award("acme:amy", 50);
    fact.forwarded = true;
    apply(value, fact);
    apply(value, line_added{1, 2, 60, side::agent, "acme:amy", "a", "hi"});
    EXPECT_TRUE(value.recent_by_forward);
    apply(value, line_added{1, 3, 61, side::agent, "acme:bob", "b", "hi"});
    EXPECT_FALSE(value.recent_by_forward);
}

TEST(buyer, conversations_are_counted_and_the_newest_is_known) {
    buyer value;
    apply(value, conversation_opened{3, "acme", "alice", 1, {}, {}, false});
    apply(value, conversation_opened{9, "acme", "alice", 2, {}, {}, true});
    apply(value, conversation_closed{9, 5, "agent"});
    EXPECT_EQ(value.conversations, 2U);
    EXPECT_EQ(value.last_conversation, 9U);
    EXPECT_EQ(value.last_session_end, 5);
}

TEST(conversation, keeps_its_places_and_knows_who_ever_owned_it) {
    conversation value;
    apply(value, conversation_opened{1, "acme", "alice", 1, {"vip"}, "en", false});
    apply(value, award("acme:amy", 50));
    apply(value, conversation_closed{1, 60, "agent"});
    EXPECT_FALSE(value.open());
    EXPECT_TRUE(value.owner.empty());
    EXPECT_TRUE(value.owned_by("acme:amy"));
    EXPECT_FALSE(value.owned_by("acme:bob"));
    EXPECT_EQ(value.places.size(), 1U);
    EXPECT_EQ(value.close_cause, "agent");
}

TEST(account, a_change_replaces_everything_and_an_award_its_credit) {
    account value;
    apply(value, account_set{"acme", "acme:amy", 9, 4, false, true, false, protocol::presence::suspended, 0.5, "acme:amy"});
    EXPECT_EQ(value.cap, 4U);
    EXPECT_FALSE(value.participating);
    EXPECT_TRUE(value.suspended);
    auto fact = award("acme:amy", 50);
    fact.credit = -0.5;
    apply(value, fact);
    EXPECT_DOUBLE_EQ(value.credit, -0.5);
}

} // namespace
} // namespace fenliu::routing
