#include "routing/decision.hpp"

#include <algorithm>
#include <optional>

#include "protocol/account.hpp"
#include "routing/group_choice.hpp"

namespace fenliu::routing {
namespace {

constexpr timestamp_ms hour_ms = 3'600'000;
constexpr timestamp_ms minute_ms = 60'000;

constexpr terms no_terms{};
constexpr terms reachable{.online = true};
constexpr terms willing{.online = true, .unsuspended = true};
constexpr terms willing_with_room{.online = true, .unsuspended = true, .room = true};
constexpr terms available{.online = true, .unsuspended = true, .participating = true};
constexpr terms available_with_room{.online = true, .unsuspended = true, .participating = true, .room = true};

/// What the steps share; the verdict grows on the way.
struct deciding {
    const compiled_policy& policy;
    const roster& agents;
    const shop_state& shop;
    const route_request& request;
    timestamp_ms now;
    std::uint64_t seed;
    text_signs signs{};
    std::string rerouted_from{}; ///< the recent contact that was passed over, for the group
    std::optional<group_index> group{};
    verdict so_far{};

    [[nodiscard]] const routing::policy& rules() const { return policy.rules(); }
    [[nodiscard]] robot_mode robot() const { return policy.robot_at(now); }
    /// Whether a robot may answer this message (steps 5, 9, 10, 11).
    [[nodiscard]] bool robot_wanted() const { return !signs.handoff && !signs.emergency && !so_far.handed_off; }
    [[nodiscard]] bool addressed_to_sub() const { return !request.to.empty() && !protocol::is_main(request.to); }

    [[nodiscard]] verdict award(reason why, std::string_view account, terms on) {
        so_far.outcome = outcome::award;
        so_far.reason = why;
        so_far.agent = account;
        so_far.terms = on;
        return std::move(so_far);
    }
    [[nodiscard]] verdict place(outcome where, reason why) {
        so_far.outcome = where;
        so_far.reason = why;
        return std::move(so_far);
    }
    /// An earlier preference is passed over.
    void pass_over(reason why) { so_far.causes.push_back(why); }
};

using step = std::optional<verdict>;

/// Step 0: a seller-side sender is delivered directly, never routed (R16).
step internal_sender(deciding& at) {
    if (!at.request.from_seller) return std::nullopt;
    return at.award(reason::internal_direct, at.request.to.empty() ? at.shop.name : at.request.to, no_terms);
}

/// Step 0: an account name that can't be one (R1, R2).
step malformed_account(deciding& at) {
    protocol::account_name parts;
    const auto wrong = at.request.to.empty() ? std::nullopt : protocol::check_account(at.request.to, parts);
    if (!wrong) return std::nullopt;
    at.so_far.text = wrong->text;
    return at.place(outcome::reject, reason::reject_account);
}

/// Step 1: a private contact of main goes to main, whatever main's state (R11).
step to_main_in_private(deciding& at) {
    if (!at.request.private_contact) return std::nullopt;
    const agent_report* main = at.agents.find(at.shop.name);
    if (main == nullptr || !main->online) return at.award(reason::private_main_offline, at.shop.name, no_terms);
    return at.award(main->suspended ? reason::private_main_suspended : reason::private_main, at.shop.name, no_terms);
}

step private_contact(deciding& at) { return at.addressed_to_sub() ? std::nullopt : to_main_in_private(at); }

/// Step 2, P: one of the buyer's crowds has priority in a shop rated gold or silver (R19, R20). Joining and leaving count from
/// the next day of the shop (R21).
bool has_priority(const deciding& at) {
    if (at.rules().priority_crowds.empty() || at.shop.rating < service_rating::silver) return false;
    const auto today = at.policy.zone().day(at.now);
    return std::ranges::any_of(at.request.crowds, [&](const crowd& each) {
        const bool joined = at.policy.zone().day(each.since) < today;
        const bool left = each.until != 0 && at.policy.zone().day(each.until) < today;
        return joined && !left && at.policy.priority_crowd(each.id);
    });
}

/// Step 2: the flags.
step read_flags(deciding& at) {
    at.signs = at.policy.read(at.request.text);
    at.so_far.priority = has_priority(at);
    at.so_far.emergency = at.signs.emergency;
    at.so_far.handed_off = at.request.handed_off;
    return std::nullopt;
}

/// Step 3: addressed to a sub (R5): delivered to it, cap and participation ignored.
step direct_address(deciding& at) {
    if (!at.addressed_to_sub()) return std::nullopt;
    const agent_report* sub = at.agents.find(at.request.to);
    if (sub != nullptr && sub->online)
        return at.award(sub->suspended ? reason::direct_suspended : reason::direct, at.request.to, reachable);
    if (!at.rules().direct_diversion) return at.award(reason::direct_offline_stored, at.request.to, no_terms);
    if (!at.request.grace_over) return at.place(outcome::hold, reason::direct_offline_reroute);
    at.pass_over(reason::direct_offline_reroute);
    return to_main_in_private(at);
}

/// Step 4: an open session stays with its owner, even if suspended, full or not participating.
step open_session(deciding& at) {
    if (at.request.state != conversation_state::assigned) return std::nullopt;
    const agent_report* owner = at.agents.find(at.request.owner);
    if (owner != nullptr && (owner->online || owner->held)) {
        at.so_far.agent = at.request.owner;
        return at.place(outcome::keep, at.request.pinned ? reason::manual_pin : reason::open_session);
    }
    at.pass_over(reason::owner_offline_reroute);
    return std::nullopt;
}

/// Step 4: so does a robot's, until the buyer wants a person, is in need of one, or has priority.
step robot_session(deciding& at) {
    if (at.request.state != conversation_state::robot || at.request.handed_off) return std::nullopt;
    if (at.signs.handoff || at.signs.emergency || at.so_far.priority) {
        at.so_far.handed_off = true;
        return std::nullopt;
    }
    return at.place(outcome::keep, reason::robot_continue);
}

/// Step 5, who it is: the recent contact, if there is one, it participates and the profile still knows it (R13).
const agent_report* recent_contact(const deciding& at, timestamp_ms age) {
    if (at.request.recent_account.empty()) return nullptr;
    if (at.rules().profile == contact_profile::modern && age > 72 * hour_ms) return nullptr;
    const agent_report* contact = at.agents.find(at.request.recent_account);
    return contact != nullptr && contact->participating && !contact->robot ? contact : nullptr;
}

/// Step 5, without room: whether it receives all the same.
bool may_exceed_cap(const deciding& at) {
    if (!at.rules().queue_enabled || at.so_far.priority) return true;
    const timestamp_ms since_end = at.now - at.request.last_session_end;
    return at.rules().repeat_entry_min > 0 && at.request.last_session_end > 0 &&
           since_end <= at.rules().repeat_entry_min * minute_ms;
}

/// Step 5, passed over: its group is preferred in step 10.
step reroute(deciding& at, reason why) {
    at.pass_over(why);
    at.rerouted_from = at.request.recent_account;
    return std::nullopt;
}

/// Step 5: recent contact (R5, R13), in both profiles.
step recent(deciding& at) {
    const timestamp_ms age = at.now > at.request.recent_at ? at.now - at.request.recent_at : 0;
    const agent_report* contact = recent_contact(at, age);
    if (contact == nullptr) return std::nullopt;
    const bool modern = at.rules().profile == contact_profile::modern;
    if (!contact->online) {
        if (modern && at.robot() == robot_mode::first && !at.so_far.priority && at.robot_wanted())
            return at.place(outcome::robot, reason::recent_offline_robot);
        return reroute(at, reason::recent_offline_reroute);
    }
    if (contact->suspended && modern && age > 24 * hour_ms) return reroute(at, reason::recent_suspended_reroute);
    const bool exceed = may_exceed_cap(at);
    if (!contact->room() && !exceed) {
        at.so_far.preferred = contact->account;
        return reroute(at, reason::recent_full_reroute);
    }
    const reason why = at.request.recent_by_forward ? reason::forwarded
                       : contact->suspended         ? reason::recent_suspended
                                                    : reason::recent;
    return at.award(why, contact->account,
                    {.online = true, .unsuspended = !contact->suspended, .participating = true, .room = !exceed});
}

/// Where a buyer goes by the shop's offline policy (R6); main and the proxy receive even when offline or full.
verdict offline(deciding& at, std::optional<reason> why) {
    switch (at.rules().offline) {
    case offline_policy::proxy:
        if (!at.rules().proxy.empty()) return at.award(why.value_or(reason::fallback_proxy), at.rules().proxy, no_terms);
        break; // no proxy named: main
    case offline_policy::pool:
        return at.place(outcome::pool, why.value_or(reason::fallback_pool));
    case offline_policy::main:
        break;
    }
    return at.award(why.value_or(reason::fallback_main), at.shop.name, no_terms);
}

/// Step 6: nobody avail (R6, R27).
step nobody_available(deciding& at) {
    if (at.agents.available() > 0) return std::nullopt;
    at.pass_over(at.agents.online() == 0                 ? reason::none_online
                 : at.agents.online_participating() == 0 ? reason::none_participating
                                                         : reason::all_suspended);
    at.so_far.priority_failed = at.so_far.priority;
    if (at.robot() != robot_mode::off) return at.place(outcome::robot, reason::robot_no_agent);
    return offline(at, std::nullopt);
}

/// Step 6: the group of the message.
step find_group(deciding& at) {
    at.group = at.so_far.wanted = choose_group(at.policy, at.request, at.signs, at.rerouted_from, at.now);
    return std::nullopt;
}

/// The least loaded of the group, else of the shop, its cap ignored (steps 7 and 11).
verdict award_least_loaded(deciding& at, reason why) {
    const agent_report* chosen = at.group ? at.agents.least_loaded(at.group) : nullptr;
    if (chosen != nullptr)
        at.so_far.group = at.group;
    else
        chosen = at.agents.least_loaded();
    return at.award(why, chosen->account, available);
}

/// Step 7: priority skips line and robot (R19).
step priority(deciding& at) {
    if (!at.so_far.priority) return std::nullopt;
    return award_least_loaded(at, reason::priority_direct);
}

/// Step 8: the dedicated agent of this buyer; never together with priority (R28), which stands before it.
step dedicated(deciding& at) {
    const agent_report* agent = at.request.dedicated.empty() ? nullptr : at.agents.find(at.request.dedicated);
    if (agent == nullptr || !agent->available() || !agent->room()) return std::nullopt;
    return at.award(reason::dedicated, agent->account, available_with_room);
}

/// A number in [0, 1) that a seed and a conversation always give again.
double chance(std::uint64_t seed, conversation_number number) noexcept {
    std::uint64_t mixed = seed + 0x9e3779b97f4a7c15U * (number + 1); // splitmix64
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<double>((mixed ^ (mixed >> 31U)) >> 11U) * 0x1p-53;
}

/// Step 9: a robot before people.
step robot_first(deciding& at) {
    if (!at.robot_wanted()) return std::nullopt;
    if (at.robot() == robot_mode::first) return at.place(outcome::robot, reason::robot_first);
    if (at.robot() == robot_mode::ratio && chance(at.seed, at.request.number) < at.policy.robot_share_at(at.now))
        return at.place(outcome::robot, reason::robot_ratio);
    return std::nullopt;
}

/// Step 10: the group's own robot, and manual mode (R31).
step before_the_pick(deciding& at) {
    if (at.group && at.rules().groups[*at.group].robot && at.robot_wanted()) return at.place(outcome::robot, reason::robot_group);
    if (at.policy.mode_at(at.now) == assignment_mode::manual) return at.place(outcome::pool, reason::await_manual);
    return std::nullopt;
}

/// Step 10: the pick among avail ∧ room of the group, its overflow group, the shop.
step assign(deciding& at) {
    const auto pick = [&](std::optional<group_index> among, reason why) -> step {
        const agent_report* chosen = at.agents.best(among);
        if (chosen == nullptr) return std::nullopt;
        at.so_far.group = among;
        return at.award(why, chosen->account, available_with_room);
    };
    if (!at.group) return pick(std::nullopt, reason::assigned_any);
    if (step found = pick(at.group, reason::assigned_group)) return found;
    if (const auto overflow = at.policy.find_group(at.rules().groups[*at.group].overflow);
        overflow && at.policy.open(*overflow, at.now))
        if (step found = pick(overflow, reason::assigned_overflow)) return found;
    return pick(std::nullopt, reason::assigned_overflow);
}

/// Step 11: everybody is full (R40).
step all_full(deciding& at) {
    if (at.rules().queue_enabled) {
        const bool waits = at.request.state == conversation_state::queued;
        if (waits || at.shop.waiting < at.rules().queue_limit) return at.place(outcome::queue, reason::queued);
        return at.place(outcome::pool, reason::queue_full);
    }
    if (at.rules().overload) return award_least_loaded(at, reason::all_full_overload);
    if (at.robot() != robot_mode::off && at.robot_wanted()) return at.place(outcome::robot, reason::all_full_robot);
    return offline(at, reason::all_full_fallback);
}

/// The prompt that goes with a verdict (domain.md §3).
std::optional<priority_prompt> prompt_with(const deciding& at, const verdict& made, bool somebody_available) {
    if (!made.priority || !somebody_available) return std::nullopt;
    return prompt_for(
        {at.rules().queue_enabled, at.robot() == robot_mode::first, at.request.member, at.request.entry, at.request.last_prompt},
        made.reason, at.now);
}

} // namespace

wait_class class_of(const verdict& made) noexcept {
    return made.emergency ? wait_class::emergency : made.priority ? wait_class::priority : wait_class::usual;
}

verdict decide(const compiled_policy& policy, const roster& agents, const shop_state& shop, const route_request& request,
               timestamp_ms now, std::uint64_t seed) {
    deciding at{policy, agents, shop, request, now, seed};
    step made;
    for (const auto each :
         {internal_sender, malformed_account, read_flags, private_contact, direct_address, open_session, robot_session, recent,
          nobody_available, find_group, priority, dedicated, robot_first, before_the_pick, assign, all_full})
        if (made = each(at); made) break;
    made->prompt = prompt_with(at, *made, agents.available() > 0);
    return std::move(*made);
}

verdict decide_wait(const roster& agents, const route_request& request) {
    verdict made;
    const agent_report* chosen = agents.best_besides(request.owner);
    made.outcome = chosen != nullptr ? outcome::award : outcome::keep;
    made.reason = chosen != nullptr ? reason::wait_reassign : reason::wait_escalate;
    made.agent = chosen != nullptr ? chosen->account : request.owner;
    made.terms = available_with_room;
    return made;
}

verdict decide_forward(const compiled_policy& policy, const roster& agents, question asked, const route_request& request) {
    const bool pick = asked == question::pick;
    const reason why = pick ? reason::picked : asked == question::assign ? reason::manual_assign : reason::forwarded;
    verdict made;
    const auto reject = [&](std::string text) {
        made.outcome = outcome::reject;
        made.reason = reason::forward_rejected;
        made.text = std::move(text);
        return made;
    };
    const auto award = [&](std::string_view account, terms on) {
        made.outcome = outcome::award;
        made.reason = why;
        made.agent = account;
        made.terms = on;
        return made;
    };
    if (!request.group.empty()) {
        const auto target = policy.find_group(request.group);
        if (!target) return reject("the shop has no group " + request.group);
        made.group = made.wanted = target;
        if (const agent_report* chosen = agents.best(target); chosen != nullptr && chosen->account != request.owner)
            return award(chosen->account, available_with_room);
        return reject("nobody else in group " + request.group + " is available and has room");
    }
    if (request.to == request.owner) return reject(request.to + " has this conversation already");
    const agent_report* target = agents.find(request.to);
    if (target == nullptr) return reject("the shop has no account " + request.to);
    if (!target->online) return reject(request.to + " is offline");
    if (target->suspended) return reject(request.to + " is suspended");
    if (pick && !target->room()) return reject(request.to + " has no room");
    return award(request.to, pick ? willing_with_room : willing);
}

} // namespace fenliu::routing
