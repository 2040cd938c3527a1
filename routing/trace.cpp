#include "routing/trace.hpp"

namespace fenliu::routing {
namespace {

std::string_view group_id(const compiled_policy& policy, std::optional<group_index> group) {
    return group ? std::string_view{policy.rules().groups[*group].id} : std::string_view{};
}

/// What both kinds of request have under the same names; texts become views on the way there and texts on the way back.
template <class From, class To>
void carry(const From& from, To& to) {
    to.state = from.state;
    to.entry = from.entry;
    to.from_seller = from.from_seller;
    to.private_contact = from.private_contact;
    to.member = from.member;
    to.grace_over = from.grace_over;
    to.pinned = from.pinned;
    to.handed_off = from.handed_off;
    to.recent_by_forward = from.recent_by_forward;
    to.new_today = from.new_today;
    to.buyer = from.buyer;
    to.to = from.to;
    to.clicked_group = from.clicked_group;
    to.product = from.product;
    to.order_state = from.order_state;
    to.group = from.group;
    to.dedicated = from.dedicated;
    to.owner = from.owner;
    to.recent_account = from.recent_account;
    to.recent_at = from.recent_at;
    to.last_session_end = from.last_session_end;
    to.last_prompt = from.last_prompt;
    to.waiting_since = from.waiting_since;
    to.wait_class = from.wait_class;
    to.tags.assign(from.tags.begin(), from.tags.end());
    for (const auto& each : from.crowds) {
        auto& crowd = to.crowds.emplace_back();
        crowd.id = each.id;
        crowd.since = each.since;
        crowd.until = each.until;
    }
}

/// A connected robot with room answers; without one the built-in assistant.
verdict with_robot(verdict made, const roster& agents) {
    const auto* robot = made.outcome == outcome::robot ? agents.robot() : nullptr;
    if (robot == nullptr) return made;
    made.agent = robot->account;
    made.terms = {.online = true, .unsuspended = true, .room = true};
    return made;
}

/// Whether the receiver is the best of several, so that the others are of interest.
bool was_chosen(const verdict& made) {
    return made.outcome == outcome::award && (picked_freely(made.reason) || made.terms.participating);
}

} // namespace

verdict answer(const compiled_policy& policy, const roster& agents, const decision_inputs& given, const route_request& request) {
    switch (given.question) {
    case question::message:
        return with_robot(decide(policy, agents, given.shop, request, given.now, given.seed), agents);
    case question::wait:
        return decide_wait(agents, request);
    case question::forward:
    case question::pick:
    case question::assign:
        break;
    }
    return decide_forward(policy, agents, given.question, request);
}

decision_made trace_of(const compiled_policy& policy, const roster& agents, const decision_inputs& given,
                       const route_request& request, const verdict& made, const std::vector<std::string>& declined) {
    decision_made trace;
    trace.number = request.number;
    trace.shop = given.shop.name;
    trace.at = given.now;
    trace.seq = request.seq;
    trace.message_id = request.message_id;
    trace.question = given.question;
    trace.seed = given.seed;
    trace.rating = given.shop.rating;
    trace.waiting = given.shop.waiting;
    carry(request, trace.request);
    trace.outcome = made.outcome;
    trace.reason = made.reason;
    trace.causes = made.causes;
    trace.agent = made.agent;
    trace.group = group_id(policy, made.group);
    trace.wanted = group_id(policy, made.wanted);
    trace.text = made.text;
    trace.priority = made.priority;
    trace.emergency = made.emergency;
    trace.handed_off = made.handed_off;
    trace.priority_failed = made.priority_failed;
    trace.prompt = made.prompt.has_value();
    trace.failing = agents.count_failing(made.wanted);
    if (was_chosen(made))
        for (const auto& each : agents.best_few(traced_candidates, made.group))
            trace.candidates.push_back(
                {each.report->account, each.credit, each.report->load, each.report->cap, each.report->idle_since});
    trace.declined.assign(declined.begin(), declined.end());
    return trace;
}

bool changes_nothing(question asked, const route_request& request, const verdict& made) noexcept {
    if (asked != question::message || made.prompt) return false;
    if (made.outcome == outcome::keep) return true;
    const bool ahead = static_cast<std::uint8_t>(class_of(made)) > request.wait_class; // an emergency by now
    return (made.outcome == outcome::queue && request.state == conversation_state::queued && !ahead) ||
           (made.outcome == outcome::pool && request.state == conversation_state::pooled);
}

decision_inputs inputs_of(const decision_made& trace) {
    return {trace.question, {trace.shop, trace.rating, trace.waiting}, trace.at, trace.seed};
}

route_request request_of(const decision_made& trace, std::string_view text) {
    route_request made;
    made.number = trace.number;
    made.seq = trace.seq;
    made.message_id = trace.message_id;
    made.text = text;
    carry(trace.request, made);
    return made;
}

bool same_outcome(const decision_made& trace, const verdict& again) {
    return trace.outcome == again.outcome && trace.reason == again.reason && trace.causes == again.causes &&
           trace.agent == again.agent && trace.prompt == again.prompt.has_value();
}

} // namespace fenliu::routing
