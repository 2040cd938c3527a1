#include "place_checks.hpp"

#include <algorithm>
#include <array>

#include "protocol/account.hpp"

namespace fenliu::simulation {
namespace {

using routing::reason;

template <std::size_t Size>
bool among(const std::array<reason, Size>& reasons, reason value) {
    return std::ranges::find(reasons, value) != reasons.end();
}

// The closed list of domain.md §5, and what is stored for an account or handed over by a person.
constexpr std::array may_exceed_cap{
    reason::internal_direct, reason::private_main,     reason::private_main_suspended, reason::private_main_offline,
    reason::direct,          reason::direct_suspended, reason::direct_offline_stored,  reason::priority_direct,
    reason::fallback_main,   reason::fallback_proxy,   reason::all_full_overload,      reason::all_full_fallback,
    reason::manual_assign};
constexpr std::array exceed_when_recent{reason::recent, reason::recent_suspended, reason::forwarded};
/// Chosen by routing for a buyer it might have given to another.
constexpr std::array brand_new{reason::priority_direct,   reason::dedicated,         reason::assigned_group,
                               reason::assigned_overflow, reason::assigned_any,      reason::all_full_overload,
                               reason::wait_reassign,     reason::pool_redistributed};
constexpr std::array in_turn{reason::assigned_group, reason::assigned_overflow, reason::assigned_any};
/// Take a conversation from an owner who is there.
constexpr std::array take_over{
    reason::internal_direct, reason::private_main,     reason::private_main_suspended, reason::private_main_offline,
    reason::direct,          reason::direct_suspended, reason::direct_offline_stored,  reason::direct_offline_reroute,
    reason::wait_reassign,   reason::manual_assign};

std::string text_of(const model_conversation& in, const routing::place_changed& fact) {
    return conversation_text(in.number) + " (" + std::string{routing::name(fact.reason)} + " to " +
           (fact.owner.empty() ? "nobody" : std::string{fact.owner}) + ")";
}

} // namespace

void place_checks::before(const routing::account_set& fact) {
    auto& shop = on_.known.shops[std::string{fact.shop}];
    auto& present = on_.present[std::string{fact.account}];
    if (fact.by == fact.account) {
        // The session it was said in may be over by the end of what the lane handles now.
        const bool online = fact.presence != protocol::presence::offline;
        present.said_online = online && present.connected;
        present.lost_steady = online && !present.connected ? on_.time.steady() : long_ago;
        present.was_online = present.was_online || online;
        present.note_moment();
    }
    const auto known = shop.accounts.find(std::string{fact.account});
    if (known == shop.accounts.end()) return;
    const auto load = on_.known.load(std::string{fact.shop}, std::string{fact.account});
    if (fact.cap < known->second.cap && load > fact.cap) on_.reached.reached(situation::cap_lowered_under_load);
    if (fact.suspended && !known->second.suspended && load >= fact.cap && load > 0)
        on_.reached.reached(situation::suspended_while_full);
}

void place_checks::before(const routing::place_changed& fact) {
    const auto* in = on_.known.find(fact.number);
    if (!on_.judged.check(in != nullptr && in->open(), 6,
                          [&] { return "a place for " + conversation_text(fact.number) + ", which is not open"; }))
        return;
    epoch_rises(*in, fact);
    if (fact.forwarded) forward_is_whole(*in, fact);
    if (!fact.owner.empty()) {
        assignee_may_have_it(*in, fact);
        assignee_has_room(*in, fact);
    }
    if (in->state == conversation_state::assigned && in->owner != fact.owner) owner_may_lose_it(*in, fact);
    turn_is_kept(*in, fact);
    count(*in, fact);
}

void place_checks::epoch_rises(const model_conversation& in, const routing::place_changed& fact) {
    const bool waits = fact.state == conversation_state::queued || fact.state == conversation_state::pooled;
    const bool stays = in.state == conversation_state::robot && fact.state == in.state && in.owner == fact.owner;
    const auto expected = in.epoch + ((waits && in.owner.empty()) || stays ? 0 : 1);
    on_.judged.check(fact.epoch == expected, 7, [&] {
        return text_of(in, fact) + " gets epoch " + std::to_string(fact.epoch) + " after " + std::to_string(in.epoch);
    });
    on_.judged.check(!(waits || fact.state == conversation_state::fresh) || fact.owner.empty(), 6,
                     [&] { return text_of(in, fact) + " waits and has an owner"; });
    on_.judged.check(fact.state != conversation_state::assigned || !fact.owner.empty(), 6,
                     [&] { return text_of(in, fact) + " is assigned to nobody"; });
}

void place_checks::forward_is_whole(const model_conversation& in, const routing::place_changed& fact) {
    on_.judged.check(in.state == conversation_state::assigned || in.state == conversation_state::robot, 10,
                     [&] { return text_of(in, fact) + " is forwarded, but was assigned to nobody"; });
    on_.judged.check(fact.state == conversation_state::assigned && fact.owner != in.owner, 10,
                     [&] { return text_of(in, fact) + " is forwarded by " + in.owner + " to no other owner"; });
    on_.judged.check(fact.by == in.owner || protocol::is_main(fact.by), 9,
                     [&] { return text_of(in, fact) + " is forwarded by " + std::string{fact.by} + ", not its owner"; });
}

void place_checks::assignee_may_have_it(const model_conversation& in, const routing::place_changed& fact) {
    const std::string owner{fact.owner};
    auto& shop = on_.known.shops[in.shop];
    on_.judged.check(protocol::shop_of(owner) == in.shop && shop.accounts.contains(owner), 15,
                     [&] { return text_of(in, fact) + ": no account of " + in.shop; });
    const auto& account = shop.accounts[owner];
    const auto& present = on_.present[owner];
    const bool robot = fact.state == conversation_state::robot;
    const bool new_here = among(brand_new, fact.reason) || robot;
    const bool handed = fact.forwarded || fact.reason == reason::picked;
    if (new_here || handed) {
        on_.judged.check(present.was_online, 13, [&] { return text_of(in, fact) + ", who is offline"; });
        on_.judged.check(!account.suspended && account.presence != protocol::presence::invisible, 13,
                         [&] { return text_of(in, fact) + ", who is suspended"; });
    }
    if (new_here && !robot)
        on_.judged.check(account.participating && !account.robot, 13,
                         [&] { return text_of(in, fact) + ", who doesn't participate"; });
    if (fact.reason != reason::assigned_group) return;
    const auto& groups = on_.policy(in.shop).groups;
    on_.judged.check(std::ranges::any_of(groups, [&](const auto& each) { return std::ranges::count(each.members, owner) > 0; }),
                     15, [&] { return text_of(in, fact) + ", who is in no group"; });
}

void place_checks::assignee_has_room(const model_conversation& in, const routing::place_changed& fact) {
    const auto load = on_.known.load(in.shop, std::string{fact.owner});
    const auto cap = on_.known.shops[in.shop].accounts[std::string{fact.owner}].cap;
    if (load < cap || in.owner == fact.owner) return;
    const auto& rules = on_.policy(in.shop);
    const auto& buyer = on_.known.shops[in.shop].buyers[in.buyer];
    const bool repeat_entry = rules.repeat_entry_min > 0 || !rules.queue_enabled || buyer.has_crowds;
    const bool allowed =
        among(may_exceed_cap, fact.reason) || fact.forwarded || (among(exceed_when_recent, fact.reason) && repeat_entry);
    if (allowed) on_.reached.reached(situation::cap_exceeded_by_reason);
    on_.judged.check(allowed, 12, [&] {
        return text_of(in, fact) + " is number " + std::to_string(load + 1) + " of an account with a cap of " +
               std::to_string(cap);
    });
}

void place_checks::owner_may_lose_it(const model_conversation& in, const routing::place_changed& fact) {
    if (fact.forwarded || among(take_over, fact.reason)) return;
    // A message that addresses another account moves the conversation, whatever comes of it.
    if (std::ranges::count(fact.causes, reason::direct_offline_reroute) > 0) return;
    const auto& present = on_.present[in.owner];
    const auto grace = on_.shortest_grace[in.shop];
    const bool said_so = present.connected && !present.said_online && present.lost_steady == long_ago;
    const bool lost_long = present.lost_steady == long_ago || on_.time.steady() - present.lost_steady >= grace;
    on_.judged.check(present.was_offline, 14,
                     [&] { return text_of(in, fact) + " is taken from " + in.owner + ", who is online"; });
    on_.judged.check(said_so || lost_long, 20, [&] {
        return text_of(in, fact) + " is taken from " + in.owner + " " + std::to_string(on_.time.steady() - present.lost_steady) +
               " ms after the loss, before the grace of " + std::to_string(grace) + " ms is over";
    });
    on_.reached.reached(said_so ? situation::owner_goes_offline : situation::grace_over);
    const auto first = std::ranges::find_if(in.places, [](const auto& each) { return each.state != conversation_state::robot; });
    const bool waits = fact.state == conversation_state::queued || fact.state == conversation_state::pooled;
    on_.judged.check(!waits || fact.waiting_since <= first->wall, 20, [&] {
        return text_of(in, fact) + " lost its agent and waits anew, as if it had come " +
               std::to_string(fact.waiting_since - first->wall) + " ms later";
    });
}

void place_checks::turn_is_kept(const model_conversation& in, const routing::place_changed& fact) {
    if (!among(in_turn, fact.reason)) return;
    const auto& rules = on_.policy(in.shop);
    const auto& buyer = on_.known.shops[in.shop].buyers[in.buyer];
    const bool waited = in.state == conversation_state::queued;
    const bool preferred = waited && buyer.recent == fact.owner;
    for (const auto& [number, other] : on_.known.conversations) {
        if (other.shop != in.shop || other.state != conversation_state::queued || number == in.number) continue;
        const bool newcomer = in.state == conversation_state::fresh && other.wait_class > 0;
        const bool older = waited && other.wait_class == in.wait_class && other.waiting_since < in.waiting_since;
        const bool higher = waited && other.wait_class > in.wait_class && rules.ageing_s == 0;
        on_.judged.check(!newcomer && !(older && !preferred) && !higher, 19, [&] {
            return text_of(in, fact) + " overtakes " + conversation_text(number) + ", which waits since " +
                   std::to_string(on_.time.wall() - other.waiting_since) + " ms";
        });
    }
    if (waited) on_.reached.reached(situation::waiting_buyer_served);
    if (waited && rules.ageing_s > 0) on_.reached.reached(situation::ageing_in_force);
}

void place_checks::count(const model_conversation& in, const routing::place_changed& fact) {
    static const std::map<reason, situation> known{{reason::queued, situation::queued},
                                                   {reason::queue_full, situation::queue_full},
                                                   {reason::pool_redistributed, situation::pool_redistribution},
                                                   {reason::picked, situation::manual_pick},
                                                   {reason::manual_assign, situation::manual_assignment},
                                                   {reason::robot_first, situation::robot_first},
                                                   {reason::robot_no_agent, situation::robot_without_agents},
                                                   {reason::direct, situation::direct_address},
                                                   {reason::direct_offline_stored, situation::direct_stored},
                                                   {reason::fallback_main, situation::fallback_to_main},
                                                   {reason::fallback_proxy, situation::fallback_to_proxy},
                                                   {reason::all_full_overload, situation::overload},
                                                   {reason::recent, situation::recent_contact},
                                                   {reason::priority_direct, situation::priority_direct},
                                                   {reason::wait_reassign, situation::wait_reassign}};
    if (const auto found = known.find(fact.reason); found != known.end()) on_.reached.reached(found->second);
    if (fact.state == conversation_state::pooled) on_.reached.reached(situation::pooled);
    if (fact.forwarded) on_.reached.reached(situation::forward);
    if (in.state == conversation_state::queued && among(exceed_when_recent, fact.reason))
        on_.reached.reached(situation::preferred_agent_serves);
    if (fact.state == conversation_state::robot && !fact.owner.empty()) on_.reached.reached(situation::robot_account_answers);
    const bool leaves_robot = in.state == conversation_state::robot && fact.state != conversation_state::robot;
    if (leaves_robot) on_.reached.reached(in.owner.empty() ? situation::robot_handoff : situation::robot_goes);
    if (std::ranges::count(fact.causes, reason::direct_offline_reroute) > 0) on_.reached.reached(situation::direct_grace_diverts);
    if (std::ranges::count(fact.causes, reason::recent_full_reroute) > 0) on_.reached.reached(situation::recent_contact_full);
    if (fact.reason == reason::priority_direct && !on_.known.shops[in.shop].buyers[in.buyer].prompts.empty())
        on_.reached.reached(situation::prompt_held_back);
    if (fact.reason == reason::queued && fact.wait_class == 2) on_.reached.reached(situation::emergency_ahead);
}

} // namespace fenliu::simulation
