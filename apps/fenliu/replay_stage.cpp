#include "apps/fenliu/replay_stage.hpp"

#include <algorithm>
#include <utility>

#include "protocol/account.hpp"
#include "protocol/error.hpp"

namespace fenliu::apps::fenliu {

namespace {

/// A refused message is sent again after the time the broker names, but not at once: a broker that says 0 must not be hammered.
constexpr std::chrono::milliseconds shortest_pause{50};

} // namespace

replay_stage::replay_stage(const replay_plan& plan, stage_options options, replay_ledger& ledger, replay_outlet& outlet)
    : plan_(plan)
    , options_(std::move(options))
    , ledger_(ledger)
    , outlet_(outlet)
    , sessions_(options_.frontends)
    , followers_(plan.conversations.size())
    , outcomes_(plan.conversations.size()) {
    conversations_.reserve(plan.conversations.size());
    for (std::size_t at = 0; at < plan.conversations.size(); ++at) {
        const auto& planned = plan.conversations[at];
        conversations_.emplace_back(planned, replay_pace{options_.speed, plan.first_ts});
        frontends_.push_back(planned.after ? frontends_[*planned.after] : at % options_.frontends);
        if (planned.after)
            followers_[*planned.after].push_back(at);
        else
            waiting_.push_back(at);
    }
}

// --- turns ---------------------------------------------------------------------------------------------------------------

void replay_stage::play(elapsed now) {
    start_due(now);
    for (const auto index : active_)
        if (const auto at = conversations_[index].wakes_at(); at && *at <= now) touched_.insert(index);
    while (!touched_.empty()) {
        for (const auto index : std::exchange(touched_, {}))
            take_turns(index, now);
        start_due(now);
    }
}

void replay_stage::start_due(elapsed now) {
    const replay_pace pace{options_.speed, plan_.first_ts};
    while (!waiting_.empty() && active_.size() < options_.at_once) {
        const auto index = waiting_.front();
        const auto& planned = plan_.conversations[index];
        if (pace.due(planned.lines.front().ts) > now) return;
        waiting_.pop_front();
        by_buyer_[{planned.shop, planned.buyer}] = index;
        active_.insert(index);
        touched_.insert(index);
    }
}

std::optional<elapsed> replay_stage::wakes_at() const {
    std::optional<elapsed> first;
    const auto consider = [&](std::optional<elapsed> at) {
        if (at && (!first || *at < *first)) first = at;
    };
    for (const auto index : active_)
        consider(conversations_[index].wakes_at());
    if (!waiting_.empty() && active_.size() < options_.at_once) {
        const auto& next = plan_.conversations[waiting_.front()].lines.front();
        consider(replay_pace{options_.speed, plan_.first_ts}.due(next.ts));
    }
    return first;
}

void replay_stage::take_turns(std::size_t index, elapsed now) {
    while (const auto turn = conversations_[index].next(now)) {
        if (const auto* publish = std::get_if<publish_turn>(&*turn))
            take(index, *publish, now);
        else if (const auto* say = std::get_if<say_turn>(&*turn))
            take(index, *say);
        else if (const auto* close = std::get_if<close_turn>(&*turn))
            take(index, *close);
    }
    end_if_over(index);
}

void replay_stage::take(std::size_t index, const publish_turn& turn, elapsed now) {
    const auto& planned = plan_.conversations[index];
    const auto& line = planned.lines[turn.line];
    const auto id = options_.run + "-b" + std::to_string(line.index);
    sent_[id] = {sent_kind::line, index, turn.line, 0, {}, {}, 0};
    ledger_.published(line.index, now);
    protocol::publish message;
    message.msg_id = id;
    message.shop = planned.shop;
    message.buyer = planned.buyer;
    message.text = line.text;
    outlet_.from_buyer(frontends_[index], message);
}

void replay_stage::take(std::size_t index, const say_turn& turn) {
    const auto& owner = conversations_[index].owner();
    const auto& reply = plan_.conversations[index].lines[turn.line].replies[turn.reply];
    const auto id = options_.run + "-r" + std::to_string(reply.index) + "." + std::to_string(turn.attempt);
    sent_[id] = {sent_kind::reply, index, turn.line, turn.reply, owner.account, owner.conversation, owner.epoch};
    ledger_.reply_published(reply.index);
    outlet_.from_agent(owner.account, protocol::say{id, owner.conversation, owner.epoch, reply.text});
}

void replay_stage::take(std::size_t index, const close_turn& turn) {
    const auto& owner = conversations_[index].owner();
    const auto id = options_.run + "-c" + std::to_string(index) + "." + std::to_string(turn.attempt);
    sent_[id] = {sent_kind::close, index, 0, 0, owner.account, owner.conversation, owner.epoch};
    outlet_.from_agent(owner.account, protocol::close{id, owner.conversation, owner.epoch});
}

void replay_stage::attach(std::size_t index) {
    const auto& conversation = conversations_[index];
    if (conversation.id().empty()) return;
    const auto& planned = conversation.plan();
    const auto from = std::max(conversation.highest_reply(), ledger_.baseline(conversation.id()));
    ledger_.attached(conversation.id());
    outlet_.from_buyer(frontends_[index], protocol::attach{planned.shop, planned.buyer, conversation.id(), from});
}

void replay_stage::end_if_over(std::size_t index) {
    if (!conversations_[index].over() || active_.erase(index) == 0) return;
    ++ended_;
    const auto& planned = plan_.conversations[index];
    by_buyer_.erase({planned.shop, planned.buyer});
    if (const auto account = seen_.find(conversations_[index].owner().account); account != seen_.end())
        account->second.erase(conversations_[index].id());
    // First in line: their time has come already.
    waiting_.insert(waiting_.begin(), followers_[index].begin(), followers_[index].end());
}

// --- what the frontends bring --------------------------------------------------------------------------------------------

void replay_stage::frontend_opened(std::size_t frontend, bool resumed) {
    if (resumed) return;
    ++sessions_[frontend];
    for (const auto index : active_)
        if (frontends_[index] == frontend) attach(index);
}

void replay_stage::at_frontend(const protocol::message& value, elapsed now) {
    if (const auto* ack = std::get_if<protocol::stored>(&value)) {
        stored(*ack);
    } else if (const auto* reply = std::get_if<protocol::reply>(&value)) {
        const auto index = play_of(reply->conversation, reply->shop, reply->buyer);
        ledger_.replied(*reply, index ? sessions_[frontends_[*index]] : 0);
        if (!index || reply->seq <= ledger_.baseline(reply->conversation)) return;
        conversations_[*index].replied(reply->conversation, reply->seq);
        touched_.insert(*index);
    } else if (const auto* outcome = std::get_if<protocol::routed>(&value)) {
        routed(*outcome);
    } else if (const auto* error = std::get_if<protocol::error>(&value); error && error->ref) {
        const auto pause = std::max(std::chrono::milliseconds(error->retry_after_ms), shortest_pause);
        refused(*error->ref, error->code, error->retryable, error->text, now + pause);
    }
}

void replay_stage::stored(const protocol::stored& value) {
    const auto found = sent_.find(value.msg_id);
    if (found == sent_.end()) return;
    const auto what = found->second;
    sent_.erase(found);
    ledger_.stored(line_of(what).index, value.conversation, value.seq);
    bind(value.conversation, what.conversation);
    conversations_[what.conversation].stored(what.line, value.conversation, value.seq);
    touched_.insert(what.conversation);
    // It was stored before this session: replies to it may have come while nobody listened.
    if (value.duplicate) attach(what.conversation);
}

void replay_stage::routed(const protocol::routed& value) {
    const auto index = play_of(value.conversation, value.shop, value.buyer);
    if (!index) return;
    outcomes_[*index] = std::string(value.reason) + (value.agent.empty() ? "" : " to " + std::string(value.agent));
}

// --- what the agents bring -----------------------------------------------------------------------------------------------

void replay_stage::agent_opened(std::string_view account, bool resumed) {
    if (!resumed) ledger_.agent_session(account);
}

void replay_stage::at_agent(std::string_view account, const protocol::message& value, elapsed now) {
    if (const auto* owned = std::get_if<protocol::assigned>(&value)) {
        assigned(account, *owned, now);
    } else if (const auto* lost = std::get_if<protocol::unassigned>(&value)) {
        unassigned(account, *lost);
    } else if (const auto* line = std::get_if<protocol::buyer_line>(&value)) {
        delivered(account, *line, now);
    } else if (const auto* ack = std::get_if<protocol::said>(&value)) {
        said(*ack);
    } else if (const auto* result = std::get_if<protocol::result>(&value)) {
        const auto code = protocol::errc_of(result->code);
        refused(result->request_id, result->code, code && protocol::retryable(*code), result->detail, now + shortest_pause);
    } else if (const auto* error = std::get_if<protocol::error>(&value); error && error->ref) {
        const auto pause = std::max(std::chrono::milliseconds(error->retry_after_ms), shortest_pause);
        refused(*error->ref, error->code, error->retryable, error->text, now + pause);
    }
}

void replay_stage::assigned(std::string_view account, const protocol::assigned& value, elapsed now) {
    ledger_.assigned(account, value, now);
    const auto baseline = ledger_.baseline(value.conversation);
    auto& position = seen_[std::string(account)][std::string(value.conversation)];
    for (const auto& line : value.tail)
        position = std::max(position, line.seq);
    const auto index = play_of(value.conversation, protocol::shop_of(account), value.buyer);
    if (!index) {
        unclaimed_[std::string(value.conversation)] = {std::string(account), value.epoch};
        return;
    }
    auto ours = value;
    std::erase_if(ours.tail, [&](const protocol::tail_line& line) { return line.seq <= baseline; });
    for (const auto& found : conversations_[*index].assigned(account, ours))
        ledger_.recognised(plan_.conversations[*index].lines[found.line].replies[found.reply].index, value.conversation,
                           found.seq);
    touched_.insert(*index);
}

void replay_stage::unassigned(std::string_view account, const protocol::unassigned& value) {
    ledger_.unassigned(account, value);
    if (const auto read = seen_.find(account); read != seen_.end()) read->second.erase(std::string(value.conversation));
    if (const auto found = unclaimed_.find(value.conversation); found != unclaimed_.end() && found->second.epoch == value.epoch)
        unclaimed_.erase(found);
    const auto found = by_id_.find(value.conversation);
    if (found == by_id_.end()) return;
    conversations_[found->second].unassigned(value);
    touched_.insert(found->second);
}

void replay_stage::delivered(std::string_view account, const protocol::buyer_line& value, elapsed now) {
    ledger_.delivered(account, value, now);
    auto& position = seen_[std::string(account)][std::string(value.conversation)];
    position = std::max(position, value.seq);
    const auto index = play_of(value.conversation, protocol::shop_of(account), value.buyer);
    if (!index || value.seq <= ledger_.baseline(value.conversation)) return;
    conversations_[*index].delivered(account, value);
    touched_.insert(*index);
}

void replay_stage::said(const protocol::said& value) {
    const auto found = sent_.find(value.msg_id);
    if (found == sent_.end()) return;
    const auto what = found->second;
    sent_.erase(found);
    ledger_.said(line_of(what).replies[what.reply].index, what.account, value.conversation, what.epoch, value.seq);
    conversations_[what.conversation].said(what.line, what.reply, value.conversation, value.seq);
    touched_.insert(what.conversation);
}

void replay_stage::refused(std::string_view ref, std::string_view code, bool retryable, std::string_view text, elapsed again_at) {
    const auto found = sent_.find(ref);
    if (found == sent_.end()) return;
    const auto what = found->second;
    sent_.erase(found);
    auto& conversation = conversations_[what.conversation];
    touched_.insert(what.conversation);
    const bool stale = code == protocol::name(protocol::errc::stale_epoch);
    if (what.kind == sent_kind::close && !retryable) return close_answered(what, code, again_at);
    if (retryable || (stale && what.kind == sent_kind::reply)) {
        if (what.kind == sent_kind::line) conversation.line_refused(what.line, again_at);
        if (what.kind == sent_kind::reply) conversation.say_refused(what.line, what.reply, what.epoch, stale, again_at);
        if (what.kind == sent_kind::close) conversation.close_refused(what.epoch, false, again_at);
        return;
    }
    const auto* kind = what.kind == sent_kind::line ? "line " : "the answer to line ";
    ledger_.note(kind + std::to_string(line_of(what).number) + " was refused: " + std::string(code) + " " + std::string(text));
    ++abandoned_;
    conversation.abandon();
}

void replay_stage::close_answered(const sent& what, std::string_view code, elapsed again_at) {
    auto& conversation = conversations_[what.conversation];
    if (code == protocol::name(protocol::errc::ok)) return conversation.closed();
    // A close that is sent again after a restart may be refused although it was done: the broker's own state decides.
    conversation.close_refused(what.epoch, true, again_at);
    asked_[what.id] = what.conversation;
    outlet_.ask_state(conversation.plan().shop, what.id);
}

void replay_stage::told_state(std::string_view id, bool closed) {
    const auto found = asked_.find(id);
    if (found == asked_.end()) return;
    if (closed) conversations_[found->second].closed();
    touched_.insert(found->second);
    asked_.erase(found);
}

// --- who is meant --------------------------------------------------------------------------------------------------------

std::optional<std::size_t> replay_stage::play_of(std::string_view id, std::string_view shop, std::string_view buyer) {
    if (const auto known = by_id_.find(id); known != by_id_.end()) return known->second;
    const auto found = by_buyer_.find({std::string(shop), std::string(buyer)});
    if (found == by_buyer_.end()) return {};
    bind(id, found->second);
    return found->second;
}

void replay_stage::bind(std::string_view id, std::size_t index) {
    if (!by_id_.try_emplace(std::string(id), index).second) return;
    // The conversation was open before its buyer spoke in this replay: its owner is known since the agent came.
    const auto found = unclaimed_.find(id);
    if (found == unclaimed_.end()) return;
    protocol::assigned owned;
    owned.conversation = id;
    owned.epoch = found->second.epoch;
    owned.buyer = plan_.conversations[index].buyer;
    conversations_[index].assigned(found->second.account, owned);
    unclaimed_.erase(found);
}

const planned_line& replay_stage::line_of(const sent& what) const {
    return plan_.conversations[what.conversation].lines[what.line];
}

std::vector<std::pair<std::string, std::uint64_t>> replay_stage::seen(std::string_view account) const {
    const auto found = seen_.find(account);
    if (found == seen_.end()) return {};
    return {found->second.begin(), found->second.end()};
}

std::vector<std::string> replay_stage::missing() const {
    std::vector<std::string> out;
    for (const auto index : active_) {
        const auto& planned = plan_.conversations[index];
        auto line = "conversation " + planned.name + " of " + planned.buyer + " with " + planned.shop + ": " +
                    conversations_[index].waits_for();
        if (!outcomes_[index].empty()) line += " (last routed: " + outcomes_[index] + ")";
        out.push_back(std::move(line));
    }
    if (!waiting_.empty()) out.push_back(std::to_string(waiting_.size()) + " conversations were not begun");
    return out;
}

} // namespace fenliu::apps::fenliu
