// Steps of the decision procedure, a sentence each; the shop is `acme` with main, amy and bob.
#include "tests/routing/decision_fixture.hpp"

namespace fenliu::routing {
namespace {

TEST_F(decision, a_new_buyer_goes_to_an_available_agent_with_room) {
    const auto made = decide();
    EXPECT_EQ(made.outcome, outcome::award);
    EXPECT_EQ(made.reason, reason::assigned_any);
    EXPECT_EQ(made.agent, "acme:amy");
    EXPECT_TRUE(made.terms.online && made.terms.unsuspended && made.terms.participating && made.terms.room);
}

TEST_F(decision, a_full_width_sub_is_no_concern_here_but_a_direct_address_ignores_cap_and_participation) {
    join({.account = "acme:bob", .online = true, .participating = false, .load = 2});
    request.to = "acme:bob";
    EXPECT_EQ(decide().reason, reason::direct);
    EXPECT_EQ(decide().agent, "acme:bob");
    EXPECT_FALSE(decide().terms.room);
}

TEST_F(decision, a_suspended_agent_still_gets_who_addresses_it) {
    join({.account = "acme:bob", .online = true, .suspended = true});
    request.to = "acme:bob";
    EXPECT_EQ(decide().reason, reason::direct_suspended);
}

TEST_F(decision, an_offline_sub_gets_its_direct_buyer_stored_when_diversion_is_off) {
    join({.account = "acme:bob", .online = false});
    request.to = "acme:bob";
    EXPECT_EQ(decide().reason, reason::direct_offline_stored);
    EXPECT_EQ(decide().agent, "acme:bob");
}

TEST_F(decision, with_diversion_a_direct_buyer_of_an_offline_sub_waits_for_the_grace_and_is_then_rerouted) {
    join({.account = "acme:bob", .online = false});
    request.to = "acme:bob";
    rules.direct_diversion = true;
    EXPECT_EQ(decide().outcome, outcome::hold);
    request.grace_over = true;
    EXPECT_EQ(decide().reason, reason::assigned_any);
    EXPECT_EQ(decide().causes, causes{reason::direct_offline_reroute});
}

TEST_F(decision, addressed_to_main_is_addressed_to_the_shop) {
    request.to = "acme";
    EXPECT_EQ(decide().reason, reason::assigned_any);
}

TEST_F(decision, a_private_contact_goes_to_main_whatever_its_state) {
    request.private_contact = true;
    EXPECT_EQ(decide().reason, reason::private_main_offline);
    EXPECT_EQ(decide().agent, "acme");
    join({.account = "acme", .online = true, .suspended = true});
    EXPECT_EQ(decide().reason, reason::private_main_suspended);
    join({.account = "acme", .online = true});
    EXPECT_EQ(decide().reason, reason::private_main);
}

TEST_F(decision, a_diverted_private_contact_returns_to_main) {
    join({.account = "acme:bob", .online = false});
    request.private_contact = true;
    request.to = "acme:bob";
    rules.direct_diversion = true;
    EXPECT_EQ(decide().outcome, outcome::hold);
    request.grace_over = true;
    EXPECT_EQ(decide().reason, reason::private_main_offline);
}

TEST_F(decision, an_open_session_stays_with_an_owner_that_is_online_suspended_full_or_held) {
    request.state = conversation_state::assigned;
    request.owner = "acme:bob";
    join({.account = "acme:bob", .online = true, .suspended = true, .participating = false, .load = 2});
    EXPECT_EQ(decide().outcome, outcome::keep);
    EXPECT_EQ(decide().reason, reason::open_session);
    join({.account = "acme:bob", .held = true});
    EXPECT_EQ(decide().outcome, outcome::keep);
    request.pinned = true;
    EXPECT_EQ(decide().reason, reason::manual_pin);
}

TEST_F(decision, an_open_session_of_an_offline_owner_moves_on) {
    request.state = conversation_state::assigned;
    request.owner = "acme:bob";
    join({.account = "acme:bob", .online = false});
    EXPECT_EQ(decide().reason, reason::assigned_any);
    EXPECT_EQ(decide().causes, causes{reason::owner_offline_reroute});
}

TEST_F(decision, a_recent_contact_within_a_day_is_kept_even_suspended) {
    recent_contact("acme:bob", 24 * hour);
    EXPECT_EQ(decide().reason, reason::recent);
    EXPECT_EQ(decide().agent, "acme:bob");
    join({.account = "acme:bob", .online = true, .suspended = true});
    EXPECT_EQ(decide().reason, reason::recent_suspended);
}

TEST_F(decision, a_recent_contact_of_two_days_is_kept_only_unsuspended) {
    recent_contact("acme:bob", 24 * hour + 1);
    EXPECT_EQ(decide().reason, reason::recent);
    join({.account = "acme:bob", .online = true, .suspended = true});
    EXPECT_EQ(decide().reason, reason::assigned_any);
    EXPECT_EQ(decide().causes, causes{reason::recent_suspended_reroute});
}

TEST_F(decision, a_recent_contact_of_more_than_three_days_is_forgotten_in_the_modern_profile_only) {
    recent_contact("acme:bob", 72 * hour + 1);
    EXPECT_EQ(decide().reason, reason::assigned_any);
    EXPECT_TRUE(decide().causes.empty());
    rules.profile = contact_profile::seed;
    EXPECT_EQ(decide().reason, reason::recent);
}

TEST_F(decision, an_offline_recent_contact_is_a_cause) {
    recent_contact("acme:bob", hour);
    join({.account = "acme:bob", .online = false});
    EXPECT_EQ(decide().agent, "acme:amy");
    EXPECT_EQ(decide().causes, causes{reason::recent_offline_reroute});
}

TEST_F(decision, a_recent_contact_that_does_not_participate_is_passed_over_without_a_cause) {
    recent_contact("acme:bob", hour);
    join({.account = "acme:bob", .online = true, .participating = false});
    EXPECT_EQ(decide().agent, "acme:amy");
    EXPECT_TRUE(decide().causes.empty());
}

TEST_F(decision, a_full_recent_contact_is_preferred_in_the_line_with_the_queue_on_and_exceeds_its_cap_with_it_off) {
    recent_contact("acme:bob", hour);
    join({.account = "acme:amy", .online = true, .load = 2});
    join({.account = "acme:bob", .online = true, .load = 2});
    EXPECT_EQ(decide().reason, reason::queued);
    EXPECT_EQ(decide().causes, causes{reason::recent_full_reroute});
    EXPECT_EQ(decide().preferred, "acme:bob");
    rules.queue_enabled = false;
    EXPECT_EQ(decide().reason, reason::recent);
}

TEST_F(decision, a_buyer_that_enters_again_soon_gets_its_full_agent) {
    recent_contact("acme:bob", hour);
    join({.account = "acme:bob", .online = true, .load = 2});
    rules.repeat_entry_min = 5;
    request.last_session_end = now - 5 * 60'000;
    EXPECT_EQ(decide().reason, reason::recent);
    request.last_session_end -= 1;
    EXPECT_EQ(decide().agent, "acme:amy");
}

TEST_F(decision, a_forwarded_recent_contact_changes_only_the_reason) {
    recent_contact("acme:bob", hour);
    request.recent_by_forward = true;
    EXPECT_EQ(decide().reason, reason::forwarded);
    join({.account = "acme:bob", .online = false});
    EXPECT_EQ(decide().reason, reason::assigned_any);
}

TEST_F(decision, when_nobody_is_available_main_receives_though_it_is_offline) {
    join({.account = "acme:amy", .online = false});
    join({.account = "acme:bob", .online = false});
    EXPECT_EQ(decide().reason, reason::fallback_main);
    EXPECT_EQ(decide().agent, "acme");
    EXPECT_EQ(decide().causes, causes{reason::none_online});
    EXPECT_FALSE(decide().terms.online);
}

TEST_F(decision, why_nobody_is_available_is_told_apart) {
    join({.account = "acme:amy", .online = true, .participating = false});
    join({.account = "acme:bob", .online = false});
    EXPECT_EQ(decide().causes, causes{reason::none_participating});
    join({.account = "acme:bob", .online = true, .suspended = true});
    EXPECT_EQ(decide().causes, causes{reason::all_suspended});
}

TEST_F(decision, the_offline_policy_names_the_proxy_or_the_pool) {
    join({.account = "acme:amy", .online = false});
    join({.account = "acme:bob", .online = false});
    rules.offline = offline_policy::proxy;
    rules.proxy = "acme:amy";
    EXPECT_EQ(decide().reason, reason::fallback_proxy);
    EXPECT_EQ(decide().agent, "acme:amy");
    rules.offline = offline_policy::pool;
    EXPECT_EQ(decide().outcome, outcome::pool);
    EXPECT_EQ(decide().reason, reason::fallback_pool);
}

TEST_F(decision, when_all_are_full_the_buyer_waits_and_at_the_limit_goes_to_the_pool) {
    join({.account = "acme:amy", .online = true, .load = 2});
    join({.account = "acme:bob", .online = true, .load = 2});
    rules.queue_limit = 3;
    waiting = 2;
    EXPECT_EQ(decide().reason, reason::queued);
    waiting = 3;
    EXPECT_EQ(decide().reason, reason::queue_full);
    EXPECT_EQ(decide().outcome, outcome::pool);
    request.state = conversation_state::queued; // it is one of the three
    EXPECT_EQ(decide().reason, reason::queued);
}

TEST_F(decision, without_a_queue_all_full_means_overload_or_the_offline_policy) {
    join({.account = "acme:amy", .online = true, .load = 3});
    join({.account = "acme:bob", .online = true, .load = 2});
    rules.queue_enabled = false;
    EXPECT_EQ(decide().reason, reason::all_full_fallback);
    EXPECT_EQ(decide().agent, "acme");
    rules.overload = true;
    EXPECT_EQ(decide().reason, reason::all_full_overload);
    EXPECT_EQ(decide().agent, "acme:bob");
}

TEST_F(decision, a_seller_side_sender_is_delivered_directly) {
    request.from_seller = true;
    EXPECT_EQ(decide().reason, reason::internal_direct);
    EXPECT_EQ(decide().agent, "acme");
}

TEST_F(decision, a_forward_needs_an_account_that_is_online_and_not_suspended) {
    request.owner = "acme:amy";
    request.to = "acme:bob";
    EXPECT_EQ(decide_forward().reason, reason::forwarded);
    join({.account = "acme:bob", .online = true, .suspended = true});
    EXPECT_EQ(decide_forward().text, "acme:bob is suspended");
    join({.account = "acme:bob", .online = false});
    EXPECT_EQ(decide_forward().text, "acme:bob is offline");
    request.to = "acme:zoe";
    EXPECT_EQ(decide_forward().text, "the shop has no account acme:zoe");
    request.to = "acme:amy";
    EXPECT_EQ(decide_forward().text, "acme:amy has this conversation already");
}

TEST_F(decision, a_forward_to_a_group_picks_among_its_members_with_room) {
    rules.groups = {group_of("after", {"acme:bob"})};
    request.owner = "acme:amy";
    request.group = "after";
    EXPECT_EQ(decide_forward().agent, "acme:bob");
    join({.account = "acme:bob", .online = true, .load = 2});
    EXPECT_EQ(decide_forward().outcome, outcome::reject);
    request.group = "none";
    EXPECT_EQ(decide_forward().text, "the shop has no group none");
}

TEST_F(decision, a_pick_from_the_pool_needs_room) {
    asked = question::pick;
    request.to = "acme:bob";
    EXPECT_EQ(decide_forward().reason, reason::picked);
    join({.account = "acme:bob", .online = true, .load = 2});
    EXPECT_EQ(decide_forward().text, "acme:bob has no room");
}

} // namespace
} // namespace fenliu::routing
