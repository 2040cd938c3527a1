#include "storage/fold.hpp"

#include <algorithm>
#include <utility>

namespace fenliu::storage {
namespace {

protocol::failure unknown(routing::conversation_number number) {
    return {protocol::errc::storage_failed,
            "the log names conversation " + routing::to_id(number) + ", which nothing in it or in the archive opened"};
}

} // namespace

outcome fold::apply(const routing::record& record) {
    return std::visit([this](const auto& fact) { return add(fact); }, record);
}

folded_shop& fold::add_shop(const std::string& name, const shop_facts& facts) {
    auto& made = shops_[name];
    made.facts = facts;
    return made;
}

void fold::add_conversation(std::unique_ptr<routing::conversation> value) {
    const auto number = value->number;
    conversations_.insert_or_assign(number, std::move(value));
}

std::vector<routing::conversation_number> fold::numbers() const {
    std::vector<routing::conversation_number> all;
    all.reserve(conversations_.size());
    for (const auto& [number, value] : conversations_)
        all.push_back(number);
    std::sort(all.begin(), all.end());
    return all;
}

folded_shop& fold::shop_of(std::string_view name) {
    if (const auto known = shops_.find(name); known != shops_.end()) return known->second;
    const std::string key{name};
    return add_shop(key, source_.find_shop(key).value_or(shop_facts{}));
}

routing::account* fold::account_of(std::string_view shop, std::string_view name) {
    auto& accounts = shop_of(shop).accounts;
    if (const auto known = accounts.find(name); known != accounts.end()) return &known->second;
    const std::string key{name};
    auto found = source_.find_account(std::string{shop}, key);
    return found ? &accounts.emplace(key, std::move(*found)).first->second : nullptr;
}

routing::buyer& fold::buyer_of(std::string_view shop, std::string_view name) {
    auto& buyers = shop_of(shop).buyers;
    if (const auto known = buyers.find(name); known != buyers.end()) return known->second;
    const std::string key{name};
    if (shop_of(shop).forgotten.contains(key)) return buyers.emplace(key, routing::buyer{}).first->second;
    auto found = source_.find_buyer(std::string{shop}, key);
    return buyers.emplace(key, found ? std::move(*found) : routing::buyer{}).first->second;
}

routing::conversation* fold::conversation_of(routing::conversation_number number) {
    if (const auto known = conversations_.find(number); known != conversations_.end()) return known->second.get();
    auto found = source_.find_conversation(number);
    return found ? conversations_.emplace(number, std::move(found)).first->second.get() : nullptr;
}

outcome fold::add(const routing::shop_made& fact) {
    shop_of(fact.shop).facts.made_at = fact.at;
    return {};
}

outcome fold::add(const routing::account_set& fact) {
    auto* account = account_of(fact.shop, fact.account);
    if (!account) account = &shop_of(fact.shop).accounts[std::string{fact.account}];
    routing::apply(*account, fact);
    return {};
}

outcome fold::add(const routing::conversation_opened& fact) {
    if (conversation_of(fact.number))
        return protocol::failure{protocol::errc::storage_failed,
                                 "the log opens conversation " + routing::to_id(fact.number) + " a second time"};
    auto made = std::make_unique<routing::conversation>();
    routing::apply(*made, fact);
    add_conversation(std::move(made));
    routing::apply(buyer_of(fact.shop, fact.buyer), fact);
    return {};
}

outcome fold::add(const routing::line_added& fact) {
    auto* conversation = conversation_of(fact.number);
    if (!conversation) return unknown(fact.number);
    if (fact.seq != conversation->transcript.last_seq() + 1)
        return protocol::failure{protocol::errc::storage_failed, "the log has line " + std::to_string(fact.seq) +
                                                                     " of conversation " + routing::to_id(fact.number) +
                                                                     " out of turn"};
    if (lines_ == lines::kept)
        routing::apply(*conversation, fact);
    else
        routing::apply_counting(*conversation, fact);
    // Of all lines an agent's alone concern the buyer (buyer.hpp); the others don't load its record.
    if (fact.side == routing::side::agent) routing::apply(buyer_of(conversation->shop, conversation->buyer), fact);
    return {};
}

outcome fold::add(const routing::place_changed& fact) {
    auto* conversation = change(fact.number);
    if (!conversation) return unknown(fact.number);
    routing::apply(*conversation, fact);
    routing::apply(buyer_of(conversation->shop, conversation->buyer), fact);
    if (fact.owner.empty()) return {};
    shop_of(conversation->shop).facts.credit_clock = fact.credit_clock;
    if (auto* account = account_of(conversation->shop, fact.owner)) routing::apply(*account, fact);
    return {};
}

outcome fold::add(const routing::conversation_closed& fact) {
    auto* conversation = change(fact.number);
    if (!conversation) return unknown(fact.number);
    routing::apply(*conversation, fact);
    routing::apply(buyer_of(conversation->shop, conversation->buyer), fact);
    return {};
}

outcome fold::add(const routing::buyer_set& fact) {
    routing::apply(buyer_of(fact.shop, fact.buyer), fact);
    return {};
}

outcome fold::add(const routing::prompt_sent& fact) {
    routing::apply(buyer_of(fact.shop, fact.buyer), fact);
    return {};
}

// A closed conversation may have been erased by the time somebody adds a note or a rating to it: nothing is left to change.
outcome fold::add(const routing::note_added& fact) {
    if (auto* conversation = change(fact.number)) routing::apply(*conversation, fact);
    return {};
}

outcome fold::add(const routing::conversation_rated& fact) {
    if (auto* conversation = change(fact.number)) routing::apply(*conversation, fact);
    return {};
}

outcome fold::add(const routing::decision_made& fact) {
    if (auto* conversation = change(fact.number)) routing::apply(*conversation, fact);
    return {};
}

outcome fold::add(const routing::order_changed& fact) {
    routing::apply(buyer_of(fact.shop, fact.buyer), fact);
    return {};
}

outcome fold::add(const routing::policy_part& fact) {
    shop_of(fact.shop).policy_text += fact.text;
    return {};
}

outcome fold::add(const routing::policy_set& fact) {
    auto& shop = shop_of(fact.shop);
    shop.policies.push_back(routing::policy_version::of(fact, std::exchange(shop.policy_text, {}) + std::string{fact.text}));
    return {};
}

template <class Gone>
void fold::remove_conversations(Gone gone) {
    for (auto each = conversations_.begin(); each != conversations_.end();) {
        if (!gone(*each->second)) {
            ++each;
            continue;
        }
        removed_.push_back(each->first);
        each = conversations_.erase(each);
    }
}

void fold::forget(folded_shop& shop, const std::string& buyer) {
    shop.buyers.erase(buyer);
    shop.forgotten.insert(buyer);
}

outcome fold::add(const routing::buyer_erased& fact) {
    remove_conversations([&](const auto& each) { return each.shop == fact.shop && each.buyer == fact.buyer; });
    forget(shop_of(fact.shop), std::string{fact.buyer});
    return {};
}

outcome fold::add(const routing::history_pruned& fact) {
    auto& shop = shop_of(fact.shop);
    std::vector<std::string> quiet;
    for (const auto& [name, buyer] : shop.buyers) {
        if (!routing::quiet_since(buyer, fact.before)) continue;
        const auto* last = conversation_of(buyer.last_conversation);
        if (last == nullptr || !last->open()) quiet.push_back(name);
    }
    for (const auto& name : quiet)
        forget(shop, name);
    remove_conversations(
        [&](const auto& each) { return each.shop == fact.shop && !each.open() && each.closed_at < fact.before; });
    return {};
}

outcome fold::add(const routing::rating_set& fact) {
    routing::apply(shop_of(fact.shop).facts.rating, fact);
    return {};
}

void fold::add_revoked(revoked_token value) {
    auto id = value.id;
    revoked_.insert_or_assign(std::move(id), std::move(value));
}

outcome fold::add(const routing::token_revoked& fact) {
    add_revoked({std::string{fact.id}, fact.at, std::string{fact.by}, fact.expires_at});
    return {};
}

} // namespace fenliu::storage
