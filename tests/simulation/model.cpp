#include "model.hpp"

#include <algorithm>

namespace fenliu::simulation {

bool model_conversation::was_owned_by(const std::string& account) const {
    return std::ranges::any_of(places, [&](const auto& each) { return each.owner == account; });
}

bool model::apply(const routing::record& record) {
    const bool known = std::visit(
        [this](const auto& fact) {
            if constexpr (requires { add(fact); })
                return add(fact);
            else
                return true; // of no concern here
        },
        record);
    ++records_;
    return known;
}

model_conversation* model::find(conversation_number number) {
    const auto found = conversations.find(number);
    return found == conversations.end() ? nullptr : &found->second;
}

std::uint32_t model::load(const std::string& shop, const std::string& account) const {
    std::uint32_t open = 0;
    for (const auto& [number, each] : conversations)
        open += each.open() && each.owner == account && each.shop == shop;
    return open;
}

bool model::add(const routing::shop_made& fact) { return shops.try_emplace(std::string{fact.shop}).second; }

bool model::add(const routing::account_set& fact) {
    const auto shop = shops.find(std::string{fact.shop});
    if (shop == shops.end()) return false;
    shop->second.accounts[std::string{fact.account}] = {fact.cap, fact.participating, fact.suspended, fact.robot, fact.presence};
    return true;
}

bool model::add(const routing::conversation_opened& fact) {
    auto [place, added] = conversations.try_emplace(fact.number);
    if (!added) return false;
    auto& made = place->second;
    made.number = fact.number;
    made.shop = fact.shop;
    made.buyer = fact.buyer;
    made.waiting_since = fact.at;
    shops[made.shop].buyers[made.buyer].current = fact.number;
    return true;
}

bool model::add(const routing::line_added& fact) {
    auto* conversation = find(fact.number);
    if (conversation == nullptr) return false;
    conversation->lines.push_back(
        {records_, fact.side, std::string{fact.from}, std::string{fact.msg_id}, std::string{fact.text}});
    line_of[{conversation->shop + "\n" + std::string{fact.from}, std::string{fact.msg_id}}] = {fact.number, fact.seq};
    if (fact.side == routing::side::agent) shops[conversation->shop].buyers[conversation->buyer].recent = fact.from;
    return true;
}

bool model::add(const routing::place_changed& fact) {
    auto* conversation = find(fact.number);
    if (conversation == nullptr) return false;
    conversation->state = fact.state;
    conversation->owner = fact.owner;
    conversation->epoch = fact.epoch;
    conversation->waiting_since = fact.waiting_since;
    conversation->wait_class = fact.wait_class;
    conversation->causes = fact.causes;
    conversation->places.push_back(
        {records_, fact.at, fact.epoch, fact.state, std::string{fact.owner}, fact.reason, fact.forwarded});
    if (fact.contact) shops[conversation->shop].buyers[conversation->buyer].recent = fact.owner;
    return true;
}

bool model::add(const routing::conversation_closed& fact) {
    auto* conversation = find(fact.number);
    if (conversation == nullptr) return false;
    conversation->state = conversation_state::closed;
    conversation->owner.clear();
    conversation->closed_at = records_;
    conversation->closed_wall = fact.at;
    conversation->close_cause = fact.cause;
    shops[conversation->shop].buyers[conversation->buyer].current = 0;
    return true;
}

bool model::add(const routing::buyer_set& fact) {
    shops[std::string{fact.shop}].buyers[std::string{fact.buyer}].has_crowds = !fact.crowds.empty();
    return true;
}

bool model::add(const routing::prompt_sent& fact) {
    shops[std::string{fact.shop}].buyers[std::string{fact.buyer}].prompts.emplace_back(records_, fact.at);
    return true;
}

} // namespace fenliu::simulation
