#include "apps/fenliu/replay_conversation.hpp"

#include <algorithm>
#include <cmath>

namespace fenliu::apps::fenliu {

elapsed replay_pace::due(protocol::timestamp_ms ts) const noexcept {
    if (speed <= 0) return elapsed(0);
    return elapsed(std::llround(static_cast<double>(ts - first_ts) * 1'000 / speed));
}

replay_conversation::replay_conversation(const planned_conversation& plan, replay_pace pace)
    : plan_(plan)
    , pace_(pace)
    , lines_(plan.lines.size()) {
    for (std::size_t at = 0; at < lines_.size(); ++at)
        lines_[at].replies.resize(plan.lines[at].replies.size());
}

// An answer that has to wait holds the later ones back, a line that has to wait those behind it: order is kept.

std::optional<std::pair<std::size_t, std::size_t>> replay_conversation::first_open_reply() const {
    if (!owner_.live) return {};
    for (std::size_t line = 0; line < lines_.size(); ++line) {
        if (lines_[line].shown_to != owner_.account) continue;
        const auto& replies = lines_[line].replies;
        const auto open = std::ranges::find(replies, progress::open, &reply_state::state);
        if (open == replies.end()) continue;
        if (owner_.epoch <= open->stale_epoch) return {};
        return std::pair{line, static_cast<std::size_t>(open - replies.begin())};
    }
    return {};
}

std::optional<std::size_t> replay_conversation::first_open_line() const {
    const auto first = std::ranges::find_if(lines_, [](const line_state& each) { return each.state != progress::done; });
    if (first == lines_.end() || first->state == progress::sent) return {};
    return static_cast<std::size_t>(first - lines_.begin());
}

bool replay_conversation::may_close() const {
    return close_ == progress::open && owner_.live && owner_.epoch > close_stale_epoch_ && complete();
}

elapsed replay_conversation::line_due(std::size_t line) const {
    return std::max(lines_[line].again_at, pace_.due(plan_.lines[line].ts));
}

elapsed replay_conversation::reply_due(std::size_t line, std::size_t reply) const {
    return std::max(lines_[line].replies[reply].again_at, pace_.due(plan_.lines[line].replies[reply].ts));
}

std::optional<replay_turn> replay_conversation::next(elapsed now) {
    if (over()) return {};
    if (const auto open = first_open_reply(); open && reply_due(open->first, open->second) <= now) {
        auto& reply = lines_[open->first].replies[open->second];
        reply.state = progress::sent;
        return say_turn{open->first, open->second, ++reply.attempts};
    }
    if (const auto line = first_open_line(); line && line_due(*line) <= now) {
        lines_[*line].state = progress::sent;
        return publish_turn{*line};
    }
    if (may_close() && close_again_at_ <= now) {
        close_ = progress::sent;
        return close_turn{++close_attempts_};
    }
    return {};
}

std::optional<elapsed> replay_conversation::wakes_at() const {
    if (over()) return {};
    std::optional<elapsed> first;
    const auto consider = [&](elapsed at) { first = first ? std::min(*first, at) : at; };
    if (const auto open = first_open_reply()) consider(reply_due(open->first, open->second));
    if (const auto line = first_open_line()) consider(line_due(*line));
    if (may_close()) consider(close_again_at_);
    return first;
}

// --- the buyer's side ----------------------------------------------------------------------------------------------------

void replay_conversation::stored(std::size_t position, std::string_view conversation, std::uint64_t seq) {
    auto& line = lines_[position];
    line.state = progress::done;
    line.at = {std::string(conversation), seq};
    id_ = conversation;
}

void replay_conversation::line_refused(std::size_t position, elapsed again_at) {
    lines_[position].state = progress::open;
    lines_[position].again_at = again_at;
}

void replay_conversation::replied(std::string_view conversation, std::uint64_t seq) {
    seen_.insert({std::string(conversation), seq});
}

std::uint64_t replay_conversation::highest_reply() const noexcept {
    std::uint64_t highest = 0;
    for (const auto& each : seen_)
        if (each.conversation == id_) highest = std::max(highest, each.seq);
    return highest;
}

// --- the agents' side ----------------------------------------------------------------------------------------------------

replay_conversation::line_state* replay_conversation::line_at(std::string_view conversation, std::uint64_t seq,
                                                              std::string_view text) {
    for (auto& line : lines_)
        if (line.at.seq == seq && line.at.conversation == conversation) return &line;
    for (std::size_t at = 0; at < lines_.size(); ++at)
        if (lines_[at].state == progress::sent && plan_.lines[at].text == text) return &lines_[at];
    return nullptr;
}

std::vector<recognised_reply> replay_conversation::assigned(std::string_view account, const protocol::assigned& value) {
    // Connections are read one by one: an older 40 of another account may be read after a newer one.
    if (owner_.conversation == value.conversation && value.epoch < owner_.epoch) return {};
    owner_ = {std::string(account), std::string(value.conversation), value.epoch, true};
    std::vector<recognised_reply> recognised;
    for (const auto& said : value.tail) {
        if (said.from != value.buyer) {
            if (const auto reply = recognise(value.conversation, said)) recognised.push_back(*reply);
        } else if (auto* line = line_at(value.conversation, said.seq, said.text)) {
            line->shown_to = account;
        }
    }
    return recognised;
}

std::optional<recognised_reply> replay_conversation::recognise(std::string_view conversation, const protocol::tail_line& said) {
    const place at{std::string(conversation), said.seq};
    for (const auto& line : lines_)
        if (std::ranges::find(line.replies, at, &reply_state::at) != line.replies.end()) return {};
    for (std::size_t line = 0; line < lines_.size(); ++line)
        for (std::size_t position = 0; position < lines_[line].replies.size(); ++position) {
            auto& reply = lines_[line].replies[position];
            if (reply.attempts == 0 || reply.state == progress::done || plan_.lines[line].replies[position].text != said.text)
                continue;
            reply.state = progress::done;
            reply.at = at;
            return recognised_reply{line, position, said.seq};
        }
    return {};
}

void replay_conversation::unassigned(const protocol::unassigned& value) {
    if (owner_.conversation == value.conversation && owner_.epoch == value.epoch) owner_.live = false;
    if (value.cause == "closed" && value.conversation == id_ && complete()) closed_ = true;
}

void replay_conversation::delivered(std::string_view account, const protocol::buyer_line& value) {
    if (auto* line = line_at(value.conversation, value.seq, value.text)) line->shown_to = account;
}

void replay_conversation::said(std::size_t line, std::size_t position, std::string_view conversation, std::uint64_t seq) {
    auto& reply = lines_[line].replies[position];
    reply.state = progress::done;
    reply.at = {std::string(conversation), seq};
}

void replay_conversation::say_refused(std::size_t line, std::size_t position, std::uint64_t epoch, bool stale, elapsed again_at) {
    auto& reply = lines_[line].replies[position];
    if (reply.state == progress::done) return; // a tail showed that it was said
    reply.state = progress::open;
    reply.again_at = again_at;
    if (stale) reply.stale_epoch = std::max(reply.stale_epoch, epoch);
}

void replay_conversation::close_refused(std::uint64_t epoch, bool stale, elapsed again_at) {
    close_ = progress::open;
    close_again_at_ = again_at;
    if (stale) close_stale_epoch_ = std::max(close_stale_epoch_, epoch);
}

bool replay_conversation::complete() const {
    return std::ranges::all_of(lines_, [this](const line_state& line) {
        return line.state == progress::done &&
               std::ranges::all_of(line.replies, [this](const reply_state& reply) { return seen(reply); });
    });
}

std::string replay_conversation::waits_for() const {
    for (std::size_t at = 0; at < lines_.size(); ++at) {
        const auto& line = lines_[at];
        const auto name = "line " + std::to_string(plan_.lines[at].number);
        if (line.state == progress::open) return name + " is not published yet";
        if (line.state == progress::sent) return name + " is not acknowledged";
        if (line.shown_to.empty()) return name + " was shown to no agent of the replay";
        for (const auto& reply : line.replies) {
            if (reply.state == progress::open) return "the answer to " + name + " waits for an owner";
            if (reply.state == progress::sent) return "the answer to " + name + " is not acknowledged";
            if (!seen(reply)) return "the answer to " + name + " did not reach its buyer";
        }
    }
    return owner_.live ? "the close is not acknowledged" : "no agent of the replay owns it any more";
}

} // namespace fenliu::apps::fenliu
