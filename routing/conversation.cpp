#include "routing/conversation.hpp"

#include <algorithm>

namespace fenliu::routing {

bool conversation::owned_by(std::string_view account) const noexcept {
    return std::any_of(places.begin(), places.end(), [&](const place& each) { return each.owner == account; });
}

timestamp_ms conversation::queue_age_from(timestamp_ms now) const noexcept {
    if (waiting_since != 0) return waiting_since;
    const auto first = std::ranges::find_if(places, [](const place& each) { return each.state != conversation_state::robot; });
    return first == places.end() ? now : first->at;
}

void apply(conversation& value, const conversation_opened& fact) {
    value.number = fact.number;
    value.shop = fact.shop;
    value.buyer = fact.buyer;
    value.opened_at = fact.at;
    value.waiting_since = fact.at;
    value.lang = fact.lang;
    value.returning = fact.returning;
    value.tags.assign(fact.tags.begin(), fact.tags.end());
}

namespace {

void apply_but_transcript(conversation& value, const line_added& fact) {
    value.last_line_at = fact.at;
    value.owner_spoke = fact.side != side::buyer;
    if (fact.side != side::buyer) {
        value.last_agent_seq = fact.seq;
        value.last_agent_at = fact.at;
    }
}

} // namespace

void apply(conversation& value, const line_added& fact) {
    value.transcript.append(fact);
    apply_but_transcript(value, fact);
}

void apply_counting(conversation& value, const line_added& fact) {
    value.transcript.start_after(fact.seq);
    apply_but_transcript(value, fact);
}

void apply(conversation& value, const place_changed& fact) {
    value.state = fact.state;
    value.epoch = fact.epoch;
    value.owner = fact.owner;
    value.wait_class = fact.wait_class;
    value.waiting_since = fact.waiting_since;
    value.places.push_back({fact.epoch, fact.at, fact.state, std::string{fact.owner}, fact.reason, fact.causes, fact.forwarded,
                            std::string{fact.by}, std::string{fact.note}});
}

void apply(conversation& value, const decision_made& fact) {
    if (fact.question != question::message) return;
    asked_for asked{std::string{fact.request.clicked_group}, std::string{fact.request.product}, std::string{fact.group},
                    fact.emergency};
    value.asked = asked == asked_for{} ? nullptr : std::make_unique<asked_for>(std::move(asked));
}

void apply(conversation& value, const conversation_closed& fact) {
    value.state = conversation_state::closed;
    value.closed_at = fact.at;
    value.close_cause = fact.cause;
    value.waiting_since = 0;
    value.owner.clear();
}

void apply(conversation& value, const note_added& fact) {
    value.notes.push_back(
        {fact.at, std::string{fact.by}, std::string{fact.request_id}, std::string{fact.flag}, std::string{fact.text}});
}

void apply(conversation& value, const conversation_rated& fact) { value.score = static_cast<std::uint8_t>(fact.score); }

} // namespace fenliu::routing
