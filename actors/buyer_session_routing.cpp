#include "actors/buyer_session.hpp"

#include <algorithm>
#include <cassert>

#include "actors/agent.hpp"
#include "actors/buyer_facts.hpp"
#include "actors/dispatcher.hpp"
#include "actors/feed.hpp"
#include "actors/lane.hpp"
#include "protocol/account.hpp"
#include "protocol/limits.hpp"
#include "routing/assistant.hpp"

namespace fenliu::actors {

using protocol::errc;
using routing::conversation_state;

namespace {

std::vector<std::string_view> names_of(const routing::causes& causes) {
    std::vector<std::string_view> names;
    for (const auto each : causes)
        names.push_back(routing::name(each));
    return names;
}

/// Whether what was decided makes it an after-sales conversation (R54).
bool is_after_sales(const routing::policy& rules, bool emergency, std::string_view group) {
    return emergency ||
           (!group.empty() && group == (rules.after_sales_group.empty() ? rules.emergency_group : rules.after_sales_group));
}

} // namespace

std::shared_ptr<routing::route_request> buyer_session::request() const {
    auto made = message_ ? std::make_shared<routing::route_request>(*message_) : std::make_shared<routing::route_request>();
    if (!message_)
        if (const auto line = last_words()) {
            made->text = line->text;
            made->seq = line->seq;
            made->message_id = line->msg_id;
        }
    if (!message_ && value_.asked) {
        made->clicked_group = value_.asked->clicked_group;
        made->product = value_.asked->product;
    }
    made->number = value_.number;
    made->buyer = value_.buyer;
    made->from_seller = shop_.agents.contains(value_.buyer);
    made->tags.insert(made->tags.end(), value_.tags.begin(), value_.tags.end());
    add_facts(*made, entry_.facts, *shop_.policy, lane_.now());
    // Eight hours are those of the steady clock, wherever the wall clock goes meanwhile.
    made->last_prompt = entry_.facts.last_prompt == 0 ? 0 : lane_.now() - (lane_.steady() - entry_.prompted_steady);
    made->pinned = !value_.places.empty() && value_.places.back().reason == routing::reason::manual_assign;
    made->state = value_.state;
    made->owner = value_.owner;
    made->waiting_since = value_.queue_age_from(lane_.now());
    made->wait_class = value_.wait_class;
    return made;
}

std::optional<routing::line> buyer_session::last_words() const {
    for (auto seq = value_.transcript.last_seq(); seq >= value_.transcript.first_held(); --seq)
        if (const auto line = value_.transcript.at(seq); line && line->side == routing::side::buyer) return line;
    return std::nullopt;
}

void buyer_session::ask(turn why) {
    auto made = request();
    made->grace_over = why != turn::line; // who waits and is offered a slot doesn't hold it for an agent that is away
    made->handed_off = why == turn::person_wanted;
    routing_ = true;
    lane_.post(shop_.dispatcher.get(), route_me{std::move(made)});
}

void buyer_session::on(awarded& message) {
    routing_ = false;
    auto* chosen = lane_.agent_for(shop_, message.verdict.agent);
    if (!value_.open()) {
        lane_.post(chosen, release_slot{value_.number});
        lane_.post(shop_.dispatcher.get(), settled{value_.number, false});
        answer_command(protocol::name(errc::expired), protocol::describe(errc::expired));
        return;
    }
    if (message.verdict.agent == value_.owner) {
        answer_command("OK", {});
        owner_link_ = message.link;
        owner_reachable_ = message.reachable;
        deliver_pending();
        send_prompt(message.verdict);
        message_.reset();
        if (message.verdict.reason == routing::reason::robot_no_agent && !waits()) {
            // Its robot goes on until a person can take over.
            routing::place_changed fact{value_.number, value_.epoch,           lane_.now(),           value_.state,
                                        value_.owner,  message.verdict.reason, message.verdict.causes};
            fact.waiting_since = value_.queue_age_from(lane_.now());
            fact.credit_clock = message.credit_clock;
            fact.credit = message.credit;
            lane_.output().record(fact);
            routing::apply(value_, fact);
            tell_routed(routing::name(fact.reason), fact.causes, 0, 0);
        }
        lane_.post(shop_.dispatcher.get(), settled{value_.number, false});
        return;
    }
    assign(message);
    send_prompt(message.verdict);
    lane_.post(chosen, confirm{value_.number});
    lane_.post(shop_.dispatcher.get(), settled{value_.number, true});
}

void buyer_session::assign(awarded& message) {
    const auto& verdict = message.verdict;
    const bool forwarded = command_ && command_->question == routing::question::forward;
    const auto waited = value_.waiting_since > 0 ? std::max<routing::timestamp_ms>(lane_.now() - value_.waiting_since, 0) : 0;
    leave_owner(forwarded ? "forwarded" : verdict.reason == routing::reason::manual_assign ? "assigned" : "rerouted");
    const bool to_robot = verdict.outcome == routing::outcome::robot;
    const auto& rules = shop_.policy->rules();
    const auto group = verdict.group ? std::string_view{rules.groups[*verdict.group].id} : std::string_view{};
    after_sales_ = after_sales_ || is_after_sales(rules, verdict.emergency, group);
    routing::place_changed fact{
        value_.number, value_.epoch + 1, lane_.now(),   to_robot ? conversation_state::robot : conversation_state::assigned,
        verdict.agent, verdict.reason,   verdict.causes};
    fact.contact = message.reachable && !to_robot; // a robot never becomes the recent contact
    fact.forwarded = forwarded;
    if (command_) {
        fact.by = command_->account;
        fact.note = command_->note;
    }
    fact.credit_clock = message.credit_clock;
    fact.credit = message.credit;
    fact.counted = message.counted;
    lane_.output().record(fact);
    routing::apply(value_, fact);
    routing::apply(entry_.facts, fact);
    owner_link_ = message.link;
    owner_reachable_ = message.reachable;
    ++shop_.figures.assigned[verdict.reason];
    answer_command("OK", {});
    send_assignment(static_cast<std::uint64_t>(waited));
    watch_reply();
    tell_routed(routing::name(verdict.reason), verdict.causes, 0, 0);
    message_.reset();
}

void buyer_session::send_prompt(const routing::verdict& verdict) {
    if (!verdict.prompt) return;
    const routing::prompt_sent fact{shop_.name, value_.buyer, lane_.now()};
    lane_.output().record(fact); // before it leaves: a crash may skip it, never repeat it
    routing::apply(entry_.facts, fact);
    entry_.prompted_steady = lane_.steady();
    to_followers(
        protocol::prompt{shop_.name, value_.buyer, verdict.prompt->title(value_.lang), verdict.prompt->text(value_.lang)});
}

void buyer_session::send_assignment(std::uint64_t waited_ms) {
    if (owner_link_ == 0) return;
    const auto lines = value_.transcript.last_seq();
    delivered_ = std::max(delivered_, lines - std::min<std::uint64_t>(lines, limits::undelivered_lines));
    const auto& last = value_.places.back();
    protocol::assigned message{id_, value_.epoch, value_.buyer, routing::name(last.reason), names_of(last.causes)};
    message.tags.assign(value_.tags.begin(), value_.tags.end());
    message.returning = value_.returning;
    message.waited_ms = waited_ms;
    std::size_t bytes = 0;
    for (auto seq = delivered_; seq > 0 && message.tail.size() < limits::tail_lines; --seq) {
        const auto line = value_.transcript.at(seq);
        if (!line) break;
        bytes += line->text.size() + line->from.size();
        if (bytes > limits::page_bytes) break;
        message.tail.push_back({line->seq, line->from, line->text, line->at});
    }
    std::reverse(message.tail.begin(), message.tail.end());
    lane_.output().send(owner_link_, message);
    deliver_pending();
}

void buyer_session::on(placed& message) {
    routing_ = false;
    switch (message.verdict.outcome) {
    case routing::outcome::reject:
        answer_command(protocol::name(errc::forward_rejected), message.verdict.text);
        break;
    case routing::outcome::keep:
        message_.reset();
        owner_reachable_ = true;
        deliver_pending();
        send_prompt(message.verdict);
        if (message.verdict.reason == routing::reason::wait_escalate) alert("wait_escalate", true);
        break;
    case routing::outcome::robot:
        to_assistant(message);
        break;
    case routing::outcome::hold:
        lane_.arm({lane_.steady() + shop_.policy->rules().direct_grace_ms, timer_kind::direct_grace, &shop_, value_.number,
                   nullptr, 0});
        break;
    case routing::outcome::queue:
    case routing::outcome::pool:
        wait(message);
        break;
    case routing::outcome::award:
        assert(false && "an award comes as awarded");
        break;
    }
}

void buyer_session::wait(const placed& message) {
    const auto& verdict = message.verdict;
    const auto state = verdict.outcome == routing::outcome::queue ? conversation_state::queued : conversation_state::pooled;
    if (message_) message_->to.clear(); // whom it addressed was asked already
    if (!value_.open()) {
        lane_.post(shop_.dispatcher.get(), left_line{value_.number});
        return;
    }
    const bool waited_so = value_.state == state;
    if (waited_so && message.wait_class <= value_.wait_class) return;
    const bool owned = !value_.owner.empty();
    leave_owner("rerouted");
    routing::place_changed fact{value_.number, value_.epoch + (owned ? 1 : 0), lane_.now(), state, {}, verdict.reason,
                                verdict.causes};
    fact.waiting_since = value_.queue_age_from(lane_.now());
    fact.wait_class = message.wait_class;
    lane_.output().record(fact);
    routing::apply(value_, fact);
    watch_reply();
    if (waited_so) return; // at a better place, which the line tells
    told_position_ = message.position;
    tell_routed(routing::name(verdict.reason), verdict.causes, message.position, message.eta_s);
}

void buyer_session::to_assistant(const placed& message) {
    const auto& verdict = message.verdict;
    message_.reset();
    if (!value_.open()) {
        lane_.post(shop_.dispatcher.get(), left_line{value_.number});
        return;
    }
    const bool stays = value_.state == conversation_state::robot && value_.owner.empty();
    const bool pooled = verdict.reason == routing::reason::robot_no_agent;
    if (stays && (!pooled || waits())) return;
    leave_owner("rerouted");
    routing::place_changed fact{
        value_.number, value_.epoch + (stays ? 0 : 1), lane_.now(), conversation_state::robot, {}, verdict.reason,
        verdict.causes};
    fact.waiting_since = pooled ? value_.queue_age_from(lane_.now()) : 0;
    fact.wait_class = message.wait_class;
    lane_.output().record(fact);
    routing::apply(value_, fact);
    tell_routed(routing::name(verdict.reason), verdict.causes, 0, 0);

    const auto& words = shop_.policy->rules().handoff_words;
    const auto text = routing::assistant_greeting(value_.lang, words.empty() ? std::string_view{} : words.front(), !pooled);
    const auto id = "assistant-" + std::to_string(value_.transcript.last_seq() + 1);
    const routing::line_added said{
        value_.number, value_.transcript.last_seq() + 1, lane_.now(), routing::side::robot, shop_.name, id, text};
    lane_.output().record(said);
    routing::apply(value_, said);
    spoken_steady_ = lane_.steady();
    to_followers(protocol::reply{shop_.name, value_.buyer, id_, said.seq, shop_.name, text, said.at});
    watch_silence();
}

bool buyer_session::waits() const noexcept {
    return value_.state == conversation_state::queued || value_.state == conversation_state::pooled ||
           (value_.state == conversation_state::robot && value_.places.back().reason == routing::reason::robot_no_agent);
}

void buyer_session::leave_owner(std::string_view cause) {
    if (value_.owner.empty()) return;
    lane_.output().send(owner_link_, protocol::unassigned{id_, value_.epoch, cause});
    lane_.post(lane_.agent_for(shop_, value_.owner), release_slot{value_.number});
    owner_link_ = 0;
    owner_reachable_ = false;
}

void buyer_session::tell_routed(std::string_view reason, const routing::causes& causes, std::uint32_t position,
                                std::uint32_t eta_s) {
    to_followers(protocol::routed{shop_.name, value_.buyer, id_, reason, value_.owner, names_of(causes), position, eta_s});
    lane_.feed(shop_, routing::name(value_.state), [&](feed_map& map) {
        map.add("conversation", id_);
        map.add("buyer", value_.buyer);
        map.add("reason", reason);
        map.add("agent", value_.owner);
        map.add("epoch", value_.epoch);
    });
}

void buyer_session::on(const route_again&) {
    if (routing_) return;
    if (waits())
        ask(turn::person_wanted);
    else
        lane_.post(shop_.dispatcher.get(), left_line{value_.number});
}

void buyer_session::on(const place_in_line& message) {
    if (value_.state != conversation_state::queued || message.position == told_position_) return;
    told_position_ = message.position;
    to_followers(protocol::queue_moved{shop_.name, value_.buyer, message.position, message.eta_s});
}

void buyer_session::on(const owner_attached& message) {
    owner_link_ = message.link;
    if (message.seen > value_.transcript.last_seq())
        lane_.warn("data loss: account " + value_.owner + " of shop " + shop_.name + " has seen line " +
                   std::to_string(message.seen) + " of conversation " + id_ + ", the store ends at line " +
                   std::to_string(value_.transcript.last_seq()));
    const auto known = message.seen > 0 ? message.seen : value_.last_agent_seq;
    delivered_ = std::min(known, value_.transcript.last_seq());
    send_assignment(0);
}

void buyer_session::on(const owner_detached&) { owner_link_ = 0; }

void buyer_session::on(const owner_back&) {
    owner_reachable_ = true;
    deliver_pending();
}

void buyer_session::on(const owner_roomy&) { deliver_pending(); }

void buyer_session::on(const owner_gone&) {
    owner_reachable_ = false;
    if (routing_) return;
    if (value_.state == conversation_state::assigned) ask();
    if (value_.state == conversation_state::robot) ask(turn::person_wanted);
}

void buyer_session::on(const direct_grace_due&) {
    if (value_.open() && !routing_ && message_ && !message_->to.empty()) ask(turn::grace_over);
}

void buyer_session::recovered() {
    delivered_ = value_.transcript.last_seq(); // a later owner gets them in the tail
    owner_reachable_ = !value_.owner.empty();
    if (value_.owner_spoke) {
        const auto silent =
            std::clamp<routing::timestamp_ms>(lane_.now() - value_.last_line_at, 0, shop_.policy->rules().session_silence_ms);
        spoken_steady_ = lane_.steady() - silent;
        watch_silence();
    }
    if (value_.epoch == 0) delivered_ = 0;
    after_sales_ = value_.asked && is_after_sales(shop_.policy->rules(), value_.asked->emergency, value_.asked->group);
    watch_reply(std::max<routing::timestamp_ms>(lane_.now() - value_.last_line_at, 0));
    if (value_.state == conversation_state::fresh) ask();
}

} // namespace fenliu::actors
