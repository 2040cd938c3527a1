#include "actors/buyer_facts.hpp"

namespace fenliu::actors {

void add_facts(routing::route_request& request, const routing::buyer& facts, const routing::compiled_policy& policy,
               routing::timestamp_ms now) {
    if (facts.traits) {
        request.private_contact = facts.traits->private_contact;
        request.member = facts.traits->member;
        request.dedicated = facts.traits->dedicated;
        request.crowds = facts.traits->crowds;
        const auto& order = facts.traits->order_status;
        const bool meant = request.order.empty() || request.order == facts.traits->order;
        if (order && meant && request.order_state.empty()) request.order_state = protocol::name(*order);
        request.tags.insert(request.tags.end(), facts.traits->tags.begin(), facts.traits->tags.end());
    }
    request.last_prompt = facts.last_prompt;
    request.recent_account = facts.recent_account;
    request.recent_at = facts.recent_at;
    request.recent_by_forward = facts.recent_by_forward;
    request.last_session_end = facts.last_session_end;
    const auto& zone = policy.zone();
    request.new_today = facts.last_counted == 0 || zone.day(facts.last_counted) != zone.day(now);
}

} // namespace fenliu::actors
