#include "actors/dispatcher.hpp"

#include <algorithm>
#include <cassert>

#include "actors/agent.hpp"
#include "actors/buyer_session.hpp"
#include "actors/lane.hpp"

namespace fenliu::actors {

using routing::conversation_state;
using routing::outcome;
using routing::timestamp_ms;

namespace {

constexpr std::uint32_t decisions_a_note = 10'000; // what has to be read to understand one of them stays below a few MB
constexpr routing::timestamp_ms note_interval_ms = 3'600'000;
constexpr routing::timestamp_ms positions_interval_ms = 1'000; // waiting buyers are told their place at most once a second

} // namespace

dispatcher::dispatcher(caf::actor_config& config, lane& host, struct shop& shop)
    : hosted_actor{config, host}
    , shop_{shop} {}

void dispatcher::handle(hosted_message&& message) {
    std::visit(
        [this]<class Message>(const Message& each) {
            if constexpr (requires { on(each); })
                on(each);
            else
                assert(false && "not a message of dispatcher");
        },
        message);
}

void dispatcher::policy_changed() {
    agents_.set_policy(shop_.policy);
    noted_ = false;
    shifts_ = std::ranges::any_of(shop_.policy->rules().agents, [](const auto& each) { return !each.shifts.empty(); });
    if (shifts_) watch_shifts();
    nothing_to_serve_ = false;
    next();
}

void dispatcher::watch_shifts() {
    if (std::exchange(shifts_armed_, true)) return;
    const auto next = routing::shop_zone::next_minute(lane_.now()) - lane_.now();
    lane_.arm({lane_.steady() + next, timer_kind::shift, &shop_, 0, nullptr, 0});
}

void dispatcher::on(const shift_due&) {
    shifts_armed_ = false;
    for (const auto& each : shop_.policy->rules().agents)
        if (const auto found = shop_.agents.find(each.account); found != shop_.agents.end()) learn(found->second->report());
    nothing_to_serve_ = false;
    if (shifts_) watch_shifts();
    next();
}

void dispatcher::on(const route_me& message) {
    award asked{message.request, message.question, {}, {}};
    if (message.request->number == asked_) {
        asked_ = 0;
        requests_.push_front(std::move(asked));
    } else {
        requests_.push_back(std::move(asked));
    }
    next();
}

void dispatcher::on(const left_line& message) {
    if (message.number == asked_) asked_ = 0;
    if (line_.leave(message.number) || pool_.leave(message.number)) line_changed();
    next();
}

void dispatcher::on(const agent_changed& message) {
    learn(message.report);
    nothing_to_serve_ = false;
    next();
}

void dispatcher::next() {
    if (award_) return;
    if (requests_.empty()) {
        serve_waiting();
        return;
    }
    award_ = std::move(requests_.front());
    requests_.pop_front();
    decide();
}

void dispatcher::decide() {
    const auto& request = *award_->request;
    auto& verdict = award_->verdict;
    note_roster();
    verdict = routing::answer(*shop_.policy, agents_, inputs(award_->question), request);
    if (verdict.agent.empty() || verdict.outcome == outcome::keep) {
        place();
        return;
    }
    lane_.post(lane_.agent_for(shop_, verdict.agent), reserve{request.number, verdict.terms});
}

void dispatcher::on(const declined& message) {
    learn(message.report);
    assert(award_ && award_->request->number == message.number);
    if (award_->declined.size() < routing::traced_declines) award_->declined.push_back(message.report.account);
    decide();
}

void dispatcher::on(const reserved& message) {
    assert(award_ && award_->request->number == message.number);
    auto& verdict = award_->verdict;
    const auto& request = *award_->request;
    const bool moves = verdict.agent != request.owner;
    const bool to_person = verdict.outcome != outcome::robot;
    const bool by_hand = award_->question != routing::question::message;
    const bool counted = moves && to_person && !by_hand && request.new_today;
    const bool charged = moves && (counted || by_hand);
    trace(charged, counted);
    if (charged) agents_.charge(verdict.agent, counted, verdict.group);
    learn(message.report);
    if (pool_.contains(request.number) && routing::picked_freely(verdict.reason))
        verdict.reason = routing::reason::pool_redistributed;
    const bool reachable = message.report.online || message.report.held;
    lane_.post(session(request.number),
               awarded{verdict, message.link, reachable, counted, agents_.credit(verdict.agent), agents_.clock()});
}

void dispatcher::on(const settled& message) {
    assert(award_ && award_->request->number == message.number);
    if (line_.leave(message.number)) {
        line_.slot_given(lane_.now());
        line_changed();
    }
    if (award_->verdict.reason == routing::reason::robot_no_agent)
        pool_.join({message.number, award_->request->wait_class, award_->request->waiting_since, {}});
    else
        pool_.leave(message.number);
    award_.reset();
    next();
}

void dispatcher::place() {
    const auto& request = *award_->request;
    const auto& verdict = award_->verdict;
    trace(false, false);
    const auto wait_class = std::max(request.wait_class, static_cast<std::uint8_t>(routing::class_of(verdict)));
    const routing::waiting_buyer waiting{request.number, wait_class, request.waiting_since, verdict.preferred};
    const bool waited = line_.contains(request.number) || pool_.contains(request.number);
    if (verdict.outcome == outcome::queue) {
        pool_.leave(request.number);
        if (wait_class > request.wait_class) line_.leave(request.number); // to a better place
        line_.join(waiting);
    } else if (verdict.outcome == outcome::pool || verdict.reason == routing::reason::robot_no_agent) {
        line_.leave(request.number);
        pool_.join(waiting);
    } else if (verdict.outcome == outcome::robot && (line_.leave(request.number) || pool_.leave(request.number))) {
        line_changed(); // it waited, until a policy without a line gave it to the assistant
    }
    nothing_to_serve_ = nothing_to_serve_ || waited;
    if (verdict.outcome == outcome::queue || verdict.outcome == outcome::pool) line_changed();
    const auto position = line_.position(request.number);
    lane_.post(session(request.number), placed{verdict, wait_class, position, line_.estimate_s(position)});
    award_.reset();
    next();
}

void dispatcher::serve_waiting() {
    if (nothing_to_serve_ || asked_ != 0 || agents_.available() == 0) return;
    const auto* ready = agents_.best();
    const routing::waiting_buyer* turn = nullptr;
    const auto ageing =
        routing::ageing{shop_.policy->rules().ageing_s * timestamp_ms{1'000}, shop_.policy->rules().ageing_classes};
    const auto& waiting = line_.size() > 0 ? line_ : pool_;
    if (ready != nullptr) turn = waiting.next_for(ready->account, lane_.now(), ageing);
    if (turn == nullptr) return;
    asked_ = turn->number;
    lane_.post(session(turn->number), route_again{});
}

void dispatcher::line_changed() {
    if (positions_armed_ || line_.size() == 0) return;
    positions_armed_ = true;
    lane_.arm({lane_.steady() + positions_interval_ms, timer_kind::line_positions, &shop_, 0, nullptr, 0});
}

void dispatcher::on(const tell_positions&) {
    positions_armed_ = false;
    std::uint32_t position = 0;
    for (const auto& each : line_.in_order()) {
        ++position;
        lane_.post(session(each.number), place_in_line{position, line_.estimate_s(position)});
    }
}

void dispatcher::learn(const routing::agent_report& report) {
    if (const auto* known = agents_.find(report.account); known != nullptr && *known == report) return;
    agents_.update(report);
    if (!noted_) return;
    lane_.output().record(routing::agent_reported{shop_.name, report.account, lane_.now(), report.online, report.held,
                                                  report.suspended, report.participating, report.robot, report.on_shift,
                                                  report.load, report.cap, report.idle_since});
}

routing::decision_inputs dispatcher::inputs(routing::question asked) const {
    const auto rating = shop_.rating.at(lane_.now(), shop_.policy->rules().rating);
    return {asked, {shop_.name, rating, line_.size()}, lane_.now(), shop_.seed};
}

void dispatcher::trace(bool charged, bool counted) {
    if (routing::changes_nothing(award_->question, *award_->request, award_->verdict)) return;
    auto fact =
        routing::trace_of(*shop_.policy, agents_, inputs(award_->question), *award_->request, award_->verdict, award_->declined);
    fact.policy_version = shop_.version().version;
    fact.charged = charged;
    fact.counted = counted;
    lane_.output().record(fact);
    session(fact.number)->on_decided(fact);
    ++traced_;
}

void dispatcher::note_roster() {
    if (noted_ && traced_ < decisions_a_note && lane_.steady() - noted_at_ < note_interval_ms) return;
    const auto note = agents_.note();
    agents_.restore(note); // whoever reads it goes on from the same numbers
    const auto parts_of = [](std::size_t items, std::size_t a_part) { return (items + a_part - 1) / a_part; };
    const auto parts = std::max({parts_of(note.agents.size(), routing::noted_agents),
                                 parts_of(note.last_chosen.size(), routing::noted_choices), std::size_t{1}});
    for (std::size_t part = 0; part < parts; ++part) {
        routing::roster_noted fact{
            shop_.name, lane_.now(), static_cast<std::uint32_t>(part + 1), static_cast<std::uint32_t>(parts), note.clock, {}, {}};
        for (auto i = part * routing::noted_agents; i < std::min((part + 1) * routing::noted_agents, note.agents.size()); ++i) {
            const auto& [report, credit] = note.agents[i];
            fact.agents.push_back({report.account, credit, report.online, report.held, report.suspended, report.participating,
                                   report.robot, report.on_shift, report.load, report.cap, report.idle_since});
        }
        for (auto i = part * routing::noted_choices; i < std::min((part + 1) * routing::noted_choices, note.last_chosen.size());
             ++i)
            fact.last_chosen.insert(fact.last_chosen.end(), {note.last_chosen[i].first, note.last_chosen[i].second});
        lane_.output().record(fact);
    }
    noted_ = true;
    noted_at_ = lane_.steady();
    traced_ = 0;
}

std::unique_ptr<dispatcher::hypothesis> dispatcher::suppose(routing::route_request request, routing::timestamp_ms at) const {
    auto made = std::make_unique<hypothesis>();
    made->request = std::move(request);
    auto given = inputs(routing::question::message);
    given.now = at;
    made->verdict = routing::answer(*shop_.policy, agents_, given, made->request);
    made->trace = routing::trace_of(*shop_.policy, agents_, given, made->request, made->verdict, {});
    made->trace.policy_version = shop_.version().version;
    return made;
}

buyer_session* dispatcher::session(conversation_number number) const {
    const auto found = shop_.conversations.find(number);
    assert(found != shop_.conversations.end());
    return found->second.get();
}

} // namespace fenliu::actors
