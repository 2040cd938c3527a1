#include "actors/dispatcher.hpp"

#include <cassert>

#include "actors/agent.hpp"
#include "actors/buyer_session.hpp"
#include "actors/lane.hpp"

namespace fenliu::actors {

using routing::conversation_state;
using routing::outcome;

namespace {

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
    nothing_to_serve_ = false;
    next();
}

void dispatcher::on(const route_me& message) {
    award asked{message.request, {}, false};
    if (message.request->number == asked_) {
        asked_ = 0;
        requests_.push_front(std::move(asked));
    } else {
        requests_.push_back(std::move(asked));
    }
    next();
}

void dispatcher::on(const forward_me& message) {
    requests_.push_back({message.request, {}, true});
    next();
}

void dispatcher::on(const left_line& message) {
    if (message.number == asked_) asked_ = 0;
    if (line_.leave(message.number) || pool_.leave(message.number)) line_changed();
    next();
}

void dispatcher::on(const agent_changed& message) {
    agents_.update(message.report);
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
    award_->verdict = award_->forward ? routing::decide_forward(shop_.policy, agents_, request)
                                      : routing::decide(shop_.policy, agents_, shop_.name, line_.size(), request, lane_.now());
    if (award_->verdict.outcome != outcome::award) {
        place();
        return;
    }
    lane_.post(lane_.agent_for(shop_, award_->verdict.agent), reserve{request.number, award_->verdict.terms});
}

void dispatcher::on(const declined& message) {
    agents_.update(message.report);
    assert(award_ && award_->request->number == message.number);
    decide();
}

void dispatcher::on(const reserved& message) {
    assert(award_ && award_->request->number == message.number);
    agents_.update(message.report);
    auto& verdict = award_->verdict;
    const auto& request = *award_->request;
    const bool moves = verdict.agent != request.owner;
    const bool counted = moves && !award_->forward && request.new_today;
    if (moves && (counted || award_->forward)) agents_.charge(verdict.agent, counted);
    if (request.state == conversation_state::pooled && verdict.reason == routing::reason::assigned_any)
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
    pool_.leave(message.number);
    award_.reset();
    next();
}

void dispatcher::place() {
    const auto& request = *award_->request;
    const auto& verdict = award_->verdict;
    const routing::waiting_buyer waiting{request.number, request.wait_class, request.waiting_since, verdict.preferred};
    const bool waited = line_.contains(request.number) || pool_.contains(request.number);
    if (verdict.outcome == outcome::queue) {
        pool_.leave(request.number);
        line_.join(waiting);
    } else if (verdict.outcome == outcome::pool) {
        line_.leave(request.number);
        pool_.join(waiting);
    }
    nothing_to_serve_ = nothing_to_serve_ || waited;
    if (verdict.outcome == outcome::queue || verdict.outcome == outcome::pool) line_changed();
    const auto position = line_.position(request.number);
    lane_.post(session(request.number), placed{verdict, position, line_.estimate_s(position)});
    award_.reset();
    next();
}

void dispatcher::serve_waiting() {
    if (nothing_to_serve_ || asked_ != 0 || agents_.available() == 0) return;
    const auto* ready = agents_.best();
    const routing::waiting_buyer* turn = nullptr;
    if (ready != nullptr) turn = line_.size() > 0 ? line_.next_for(ready->account) : pool_.next_for(ready->account);
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

buyer_session* dispatcher::session(conversation_number number) const {
    const auto found = shop_.conversations.find(number);
    assert(found != shop_.conversations.end());
    return found->second.get();
}

} // namespace fenliu::actors
