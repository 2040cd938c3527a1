#include "routing/buyer.hpp"

#include <algorithm>

namespace fenliu::routing {

bool quiet_since(const buyer& value, timestamp_ms before) noexcept {
    return !value.traits && std::max({value.recent_at, value.last_prompt, value.last_session_end, value.last_counted}) < before;
}

void apply(buyer& value, const conversation_opened& fact) {
    ++value.conversations;
    value.last_conversation = fact.number;
}

void apply(buyer& value, const line_added& fact) {
    if (fact.side != side::agent) return;
    value.recent_by_forward = value.recent_by_forward && value.recent_account == fact.from;
    value.recent_account = fact.from;
    value.recent_at = fact.at;
}

void apply(buyer& value, const place_changed& fact) {
    if (fact.counted) value.last_counted = fact.at;
    if (!fact.contact) return;
    value.recent_account = fact.owner;
    value.recent_at = fact.at;
    value.recent_by_forward = fact.forwarded;
}

void apply(buyer& value, const conversation_closed& fact) { value.last_session_end = fact.at; }

void apply(buyer& value, const order_changed& fact) {
    if (!value.traits) value.traits = std::make_unique<buyer_traits>();
    value.traits->order = fact.order_id;
    value.traits->order_status = fact.status;
}

void apply(buyer& value, const buyer_set& fact) {
    if (!value.traits) value.traits = std::make_unique<buyer_traits>();
    value.traits->member = fact.member;
    value.traits->private_contact = fact.private_contact;
    value.traits->dedicated = fact.dedicated;
    value.traits->tags.assign(fact.tags.begin(), fact.tags.end());
    value.traits->crowds.clear();
    for (const auto& each : fact.crowds)
        value.traits->crowds.push_back({std::string{each.id}, each.since, each.until});
}

void apply(buyer& value, const prompt_sent& fact) { value.last_prompt = fact.at; }

} // namespace fenliu::routing
