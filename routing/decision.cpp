#include "routing/decision.hpp"

#include <optional>

#include "protocol/account.hpp"

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

/// What the steps share; causes grow on the way.
struct deciding {
    const policy& rules;
    const roster& agents;
    std::string_view shop;
    std::size_t waiting;
    const route_request& request;
    timestamp_ms now;
    routing::causes causes;
    std::string preferred;

    [[nodiscard]] verdict award(reason why, std::string_view account, terms on) {
        return {outcome::award, why, std::move(causes), std::string{account}, on, {}, {}};
    }
    [[nodiscard]] verdict place(outcome where, reason why) {
        return {where, why, std::move(causes), {}, {}, std::move(preferred), {}};
    }
    [[nodiscard]] bool addressed_to_sub() const { return !request.to.empty() && !protocol::is_main(request.to); }
};

using step = std::optional<verdict>;

/// Step 0: a seller-side sender is delivered directly, never routed (R16).
step internal_sender(deciding& at) {
    if (protocol::is_main(at.request.buyer) || protocol::shop_of(at.request.buyer) != at.shop ||
        at.agents.find(at.request.buyer) == nullptr)
        return std::nullopt;
    return at.award(reason::internal_direct, at.request.to.empty() ? at.shop : at.request.to, no_terms);
}

/// Step 1: a private contact of main goes to main, whatever main's state (R11).
step private_contact(deciding& at) {
    if (!at.request.private_contact) return std::nullopt;
    if (at.addressed_to_sub() && !(at.request.grace_over && at.rules.direct_diversion)) return std::nullopt;
    const agent_report* main = at.agents.find(at.shop);
    if (main == nullptr || !main->online) return at.award(reason::private_main_offline, at.shop, no_terms);
    return at.award(main->suspended ? reason::private_main_suspended : reason::private_main, at.shop, no_terms);
}

/// Step 3: addressed to a sub (R5): delivered to it, cap and participation ignored.
step direct_address(deciding& at) {
    if (!at.addressed_to_sub()) return std::nullopt;
    const agent_report* sub = at.agents.find(at.request.to);
    if (sub != nullptr && sub->online)
        return at.award(sub->suspended ? reason::direct_suspended : reason::direct, at.request.to, reachable);
    if (!at.rules.direct_diversion) return at.award(reason::direct_offline_stored, at.request.to, no_terms);
    if (!at.request.grace_over) return at.place(outcome::hold, reason::direct_offline_reroute);
    at.causes.push_back(reason::direct_offline_reroute);
    return std::nullopt;
}

/// Step 4: an open session stays with its owner, even if suspended, full or not participating.
step open_session(deciding& at) {
    if (at.request.state != conversation_state::assigned) return std::nullopt;
    const agent_report* owner = at.agents.find(at.request.owner);
    if (owner != nullptr && (owner->online || owner->held)) {
        verdict kept = at.award(at.request.pinned ? reason::manual_pin : reason::open_session, at.request.owner, no_terms);
        kept.outcome = outcome::keep;
        return kept;
    }
    at.causes.push_back(reason::owner_offline_reroute);
    return std::nullopt;
}

/// Step 5, who it is: the recent contact, if there is one, it participates and the profile still knows it (R13).
const agent_report* recent_contact(const deciding& at, timestamp_ms age) {
    if (at.request.recent_account.empty()) return nullptr;
    if (at.rules.profile == contact_profile::modern && age > 72 * hour_ms) return nullptr;
    const agent_report* contact = at.agents.find(at.request.recent_account);
    return contact != nullptr && contact->participating && !contact->robot ? contact : nullptr;
}

/// Step 5, without room: whether it receives all the same.
bool may_exceed_cap(const deciding& at) {
    if (!at.rules.queue_enabled) return true;
    const timestamp_ms since_end = at.now - at.request.last_session_end;
    return at.rules.repeat_entry_min > 0 && at.request.last_session_end > 0 && since_end <= at.rules.repeat_entry_min * minute_ms;
}

/// Step 5: recent contact (R5, R13), in both profiles.
step recent(deciding& at) {
    const timestamp_ms age = at.now > at.request.recent_at ? at.now - at.request.recent_at : 0;
    const agent_report* contact = recent_contact(at, age);
    if (contact == nullptr) return std::nullopt;
    const bool fresh = at.rules.profile == contact_profile::seed || age <= 24 * hour_ms;
    if (!contact->online) {
        at.causes.push_back(reason::recent_offline_reroute);
        return std::nullopt;
    }
    if (contact->suspended && !fresh) {
        at.causes.push_back(reason::recent_suspended_reroute);
        return std::nullopt;
    }
    const bool exceed = may_exceed_cap(at);
    if (!contact->room() && !exceed) {
        at.causes.push_back(reason::recent_full_reroute);
        at.preferred = contact->account;
        return std::nullopt;
    }
    const reason why = at.request.recent_by_forward ? reason::forwarded
                       : contact->suspended         ? reason::recent_suspended
                                                    : reason::recent;
    return at.award(why, contact->account,
                    {.online = true, .unsuspended = !contact->suspended, .participating = true, .room = !exceed});
}

/// Where a buyer goes by the shop's offline policy (R6); main and the proxy receive even when offline or full.
verdict offline(deciding& at, std::optional<reason> why) {
    switch (at.rules.offline) {
    case offline_policy::proxy:
        if (!at.rules.proxy.empty()) return at.award(why.value_or(reason::fallback_proxy), at.rules.proxy, no_terms);
        break; // no proxy named: main
    case offline_policy::pool:
        return at.place(outcome::pool, why.value_or(reason::fallback_pool));
    case offline_policy::main:
        break;
    }
    return at.award(why.value_or(reason::fallback_main), at.shop, no_terms);
}

/// Step 6: nobody avail (R6).
step nobody_available(deciding& at) {
    if (at.agents.available() > 0) return std::nullopt;
    at.causes.push_back(at.agents.online() == 0                 ? reason::none_online
                        : at.agents.online_participating() == 0 ? reason::none_participating
                                                                : reason::all_suspended);
    return offline(at, std::nullopt);
}

/// Step 10: the pick among all avail ∧ room.
step assign(deciding& at) {
    const agent_report* chosen = at.agents.best();
    if (chosen == nullptr) return std::nullopt;
    return at.award(reason::assigned_any, chosen->account, available_with_room);
}

/// Step 11: everybody is full (R40).
verdict all_full(deciding& at) {
    if (at.rules.queue_enabled) {
        const bool waits = at.request.state == conversation_state::queued;
        if (waits || at.waiting < at.rules.queue_limit) return at.place(outcome::queue, reason::queued);
        return at.place(outcome::pool, reason::queue_full);
    }
    if (at.rules.overload)
        if (const agent_report* chosen = at.agents.least_loaded())
            return at.award(reason::all_full_overload, chosen->account, available);
    return offline(at, reason::all_full_fallback);
}

} // namespace

verdict decide(const policy& policy, const roster& agents, std::string_view shop, std::size_t waiting,
               const route_request& request, timestamp_ms now) {
    deciding at{policy, agents, shop, waiting, request, now, {}, {}};
    for (const auto each : {internal_sender, private_contact, direct_address, open_session, recent, nobody_available, assign})
        if (step decided = each(at)) return std::move(*decided);
    return all_full(at);
}

verdict decide_forward(const policy& policy, const roster& agents, const route_request& request) {
    const auto reject = [](std::string text) {
        return verdict{outcome::reject, reason::forward_rejected, {}, {}, {}, {}, std::move(text)};
    };
    if (!request.group.empty()) {
        const group* target = policy.find_group(request.group);
        if (target == nullptr) return reject("the shop has no group " + request.group);
        if (const agent_report* chosen = agents.best_of(target->members); chosen != nullptr && chosen->account != request.owner)
            return {outcome::award, reason::forwarded, {}, chosen->account, available_with_room, {}, {}};
        return reject("nobody else in group " + request.group + " is available and has room");
    }
    if (request.to == request.owner) return reject(request.to + " has this conversation already");
    const agent_report* target = agents.find(request.to);
    if (target == nullptr) return reject("the shop has no account " + request.to);
    if (!target->online) return reject(request.to + " is offline");
    if (target->suspended) return reject(request.to + " is suspended");
    if (request.pick && !target->room()) return reject(request.to + " has no room");
    return {outcome::award,
            request.pick ? reason::picked : reason::forwarded,
            {},
            request.to,
            request.pick ? willing_with_room : willing,
            {},
            {}};
}

} // namespace fenliu::routing
