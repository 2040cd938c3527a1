#include <algorithm>
#include <limits>

#include "actors/buyer_session.hpp"
#include "actors/history.hpp"
#include "actors/refusal.hpp"
#include "actors/requests.hpp"
#include "protocol/account.hpp"
#include "routing/crowds.hpp"

namespace fenliu::actors {
namespace {

using protocol::errc;

constexpr std::string_view unknown_shop = "no such shop; name it in the configuration, or set auto_create = true";

void answer(lane& host, link_id link, std::string_view request_id, errc code, std::string_view detail = {}) {
    host.output().send(link, protocol::result{request_id, protocol::name(code), detail});
}

/// Whether `to` may be addressed; answers the sender if not.
bool check_addressee(lane& host, shop& shop, link_id link, const protocol::publish& line) {
    if (line.to.empty()) return true;
    protocol::account_name name;
    if (const auto wrong = protocol::check_account(line.to, name)) {
        refuse(host, shop, link, line.msg_id, wrong->code, wrong->text);
        return false;
    }
    if (name.main != shop.name) {
        refuse(host, shop, link, line.msg_id, errc::reject_account, "the account addressed belongs to another shop");
        return false;
    }
    if (host.agent_for(shop, line.to) == nullptr) {
        refuse(host, shop, link, line.msg_id, errc::not_found, "the shop has no such account");
        return false;
    }
    return true;
}

/// A line sent again after its conversation closed is answered as it was (invariant 1). True if it was answered.
bool answer_repeat(lane& host, shop& shop, link_id link, const buyer_entry& entry, const protocol::publish& line) {
    for (auto each = entry.past.rbegin(); each != entry.past.rend(); ++each) {
        const auto repeat = routing::check_repeat((*each)->value(), line.buyer, line.msg_id, line.text);
        if (const auto* code = std::get_if<errc>(&repeat)) {
            refuse(host, shop, link, line.msg_id, *code);
            return true;
        }
        if (const auto* found = std::get_if<routing::repeated_line>(&repeat)) {
            ++shop.figures.duplicates;
            host.output().send(link, protocol::stored{line.msg_id, (*each)->id(), found->seq, true});
            return true;
        }
    }
    return false;
}

/// `crowds` of a publish is the full current set; joining counts from now (R21).
void update_crowds(lane& host, shop& shop, std::string_view buyer, buyer_entry& entry, const protocol::publish& line) {
    if (!line.crowds) return;
    static const routing::buyer_traits none;
    const auto& known = entry.facts.traits ? *entry.facts.traits : none;
    routing::buyer_set fact{shop.name, buyer, host.now(), known.member, known.private_contact, known.dedicated};
    fact.tags.assign(known.tags.begin(), known.tags.end());
    fact.crowds = routing::crowds_after(known.crowds, *line.crowds, shop.policy->zone(), host.now());
    const auto same = [](const routing::crowd_membership& a, const routing::crowd& b) {
        return a.id == b.id && a.since == b.since && a.until == b.until;
    };
    if (std::ranges::equal(fact.crowds, known.crowds, same)) return;
    host.output().record(fact);
    routing::apply(entry.facts, fact);
}

buyer_entry& entry_of(shop& shop, std::string_view buyer) {
    if (const auto found = shop.buyers.find(buyer); found != shop.buyers.end()) return found->second;
    return shop.buyers.try_emplace(std::string{buyer}).first->second;
}

} // namespace

follower& follow(buyer_entry& entry, link_id link, const lane& host) {
    auto& all = entry.followers;
    const auto known = std::find_if(all.begin(), all.end(), [&](const follower& each) { return each.link == link; });
    if (known != all.end()) return *known;
    std::erase_if(all, [&](const follower& each) { return !host.follows(each.link); });
    if (all.size() >= limits::buyer_links) all.erase(all.begin());
    const line_place newest = entry.current != nullptr
                                  ? line_place{entry.current->value().number, entry.current->value().transcript.last_seq()}
                                  : line_place{entry.facts.last_conversation, std::numeric_limits<std::uint64_t>::max()};
    return all.emplace_back(follower{link, newest});
}

void take(lane& host, const peer& from, const protocol::publish& message) {
    auto* shop = host.shop_for(message.shop);
    if (shop == nullptr) return refuse(host, from.link, message.msg_id, errc::not_found, unknown_shop);
    if (!check_addressee(host, *shop, from.link, message)) return;
    auto& entry = entry_of(*shop, message.buyer);
    follow(entry, from.link, host);
    if (answer_repeat(host, *shop, from.link, entry, message)) return;
    update_crowds(host, *shop, message.buyer, entry, message);
    if (entry.current == nullptr) host.open_session(*shop, message.buyer, entry, message);
    entry.current->on_publish(from.link, message);
}

void take(lane& host, const peer& from, const protocol::buyer_left& message) {
    auto* shop = host.find_shop(message.shop);
    if (shop == nullptr) return answer(host, from.link, message.request_id, errc::not_found, unknown_shop);
    const auto found = shop->buyers.find(message.buyer);
    if (found != shop->buyers.end() && found->second.current != nullptr) found->second.current->close("buyer_left");
    answer(host, from.link, message.request_id, errc::ok);
}

void take(lane& host, const peer& from, const protocol::rating& message) {
    auto* shop = host.find_shop(message.shop);
    const auto found = shop == nullptr ? decltype(shop->buyers.find(message.buyer)){} : shop->buyers.find(message.buyer);
    if (shop == nullptr || found == shop->buyers.end() || found->second.facts.last_conversation == 0)
        return answer(host, from.link, message.request_id, errc::not_found, "this buyer has had no conversation with the shop");
    const auto& facts = found->second.facts;
    const routing::conversation_rated fact{facts.last_conversation, host.now(), facts.recent_account, message.score};
    host.output().record(fact);
    if (const auto session = shop->conversations.find(fact.number); session != shop->conversations.end())
        session->second->on_rated(fact);
    answer(host, from.link, message.request_id, errc::ok);
}

void take(lane& host, const peer& from, const protocol::order_event& message) {
    auto* shop = host.shop_for(message.shop);
    if (shop == nullptr) return answer(host, from.link, message.request_id, errc::not_found, unknown_shop);
    auto& facts = entry_of(*shop, message.buyer).facts;
    const auto agent = facts.recent_account;
    const routing::order_changed fact{shop->name,     message.buyer,        host.now(), message.order_id,
                                      message.status, message.amount_cents, agent};
    host.output().record(fact);
    routing::apply(facts, fact);
    answer(host, from.link, message.request_id, errc::ok);
}

void take(lane& host, const peer& from, const protocol::attach& message) {
    auto* shop = host.shop_for(message.shop);
    if (shop == nullptr) return refuse(host, from.link, message.shop, errc::not_found, unknown_shop);
    auto& entry = entry_of(*shop, message.buyer);
    attach_to(host, *shop, message, entry, from.link);
}

} // namespace fenliu::actors
