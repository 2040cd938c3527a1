// Verbs with which admins and senior agents change what routing sees of agents, buyers and the shop (R31, R41). Each that changes
// something leaves one audit record.
#include <algorithm>

#include "actors/admin_verbs.hpp"
#include "actors/agent.hpp"
#include "actors/body_fields.hpp"
#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"
#include "actors/policy_verbs.hpp"
#include "protocol/account.hpp"
#include "routing/shop_rating.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;

/// What is wrong with a list of texts, or nothing.
std::optional<std::string> check_texts(const json& list, std::string_view what, std::size_t most) {
    const auto wrong = std::string{what} + " must be a list of at most " + std::to_string(most) + " texts";
    if (!list.is_array() || list.size() > most) return wrong;
    for (const auto& each : list)
        if (!each.is_string() || each.get_ref<const std::string&>().size() > limits::label_bytes)
            return wrong + " of at most " + std::to_string(limits::label_bytes) + " bytes";
    return std::nullopt;
}

std::optional<admin_answer> check_flag(const json& body, const char* key) {
    if (!body.contains(key) || body[key].is_boolean()) return std::nullopt;
    return failed(errc::malformed, std::string{key} + " must be true or false");
}

/// What the shop, if it is known, was told of the buyer.
const routing::buyer_traits& traits_of(const shop* known, const std::string& buyer) {
    static const routing::buyer_traits none;
    if (known == nullptr) return none;
    const auto met = known->buyers.find(buyer);
    return met != known->buyers.end() && met->second.facts.traits ? *met->second.facts.traits : none;
}

/// Before the shop is made: main is in every shop.
bool has_account(const shop* known, const admin_call& call, const std::string& account) {
    return known != nullptr ? known->agents.contains(account) : account == call.shop;
}

} // namespace

json changes_in(const json& body) {
    json detail = body;
    detail.erase("shop");
    return detail;
}

void apply_terms(agent& account, const admin_call& call) {
    const auto cap = static_cast<std::uint32_t>(number_in(call.body, "cap", account.account().cap));
    const bool participating = flag_in(call.body, "participating", account.account().participating);
    if (cap != account.account().cap || participating != account.account().participating)
        account.set(cap, participating, call.by());
}

lane_answer set_agent(lane& host, shop* known, const admin_call& call) {
    const auto name = text_in(call.body, "account");
    protocol::account_name parts;
    if (const auto wrong = protocol::check_account(name, parts)) return failed(wrong->code, wrong->text);
    if (parts.main != call.shop) return failed(errc::reject_account, "the account belongs to another shop");
    const auto cap = call.body.find("cap");
    const auto participating = call.body.find("participating");
    if (cap != call.body.end() && !(cap->is_number_unsigned() && cap->get<std::uint64_t>() <= limits::cap_range.to))
        return failed(errc::malformed, "cap must be 0 to " + std::to_string(limits::cap_range.to));
    if (auto wrong = check_flag(call.body, "participating")) return wrong;
    if (call.body.contains("groups"))
        if (const auto wrong = check_texts(call.body["groups"], "groups", limits::groups_per_shop))
            return failed(errc::malformed, *wrong);
    if (call.body.contains("groups")) {
        if (known != nullptr) return put_groups(host, *known, call, name);
        return failed(errc::not_found, "no such shop: " + call.shop + "; put a policy with its groups first");
    }
    const bool makes = known == nullptr || !known->agents.contains(name);
    auto* shop = host.shop_for(call.shop);
    if (shop == nullptr) return no_such_shop(call);
    auto* account = host.agent_for(*shop, name);
    if (account == nullptr) return failed(errc::not_found, "the shop has no account " + name);
    apply_terms(*account, call);
    if (makes || cap != call.body.end() || participating != call.body.end())
        audit(host, shop->name, call.by(), call.verb, changes_in(call.body));
    return admin_answer{errc::ok, agent_row(*shop, *account)};
}

lane_answer get_buyer(lane&, shop& shop, const admin_call& call) {
    const auto found = shop.buyers.find(text_in(call.body, "buyer"));
    if (found == shop.buyers.end()) return failed(errc::not_found, "the shop knows no such buyer");
    const auto& [buyer, entry] = *found;
    const auto& facts = entry.facts;
    json crowds = json::array(), tags = json::array();
    if (facts.traits) {
        tags = facts.traits->tags;
        for (const auto& each : facts.traits->crowds)
            crowds.push_back(
                {{"id", each.id}, {"since", each.since}, {"until", each.until == 0 ? json(nullptr) : json(each.until)}});
    }
    json recent = nullptr;
    if (!facts.recent_account.empty())
        recent = {{"account", facts.recent_account},
                  {"at", facts.recent_at},
                  {"by", facts.recent_by_forward ? "forward" : "assignment"}};
    const auto* open = entry.current == nullptr ? nullptr : &entry.current->value();
    return admin_answer{errc::ok,
                        {{"shop", shop.name},
                         {"buyer", buyer},
                         {"member", facts.traits && facts.traits->member},
                         {"private", facts.traits && facts.traits->private_contact},
                         {"dedicated", or_nil(facts.traits ? facts.traits->dedicated : std::string_view{})},
                         {"tags", tags},
                         {"crowds", crowds},
                         {"recent", recent},
                         {"conversations", facts.conversations},
                         {"conversation", open == nullptr ? json(nullptr) : json(routing::to_id(open->number))},
                         {"owner", open == nullptr ? json(nullptr) : or_nil(open->owner)},
                         {"state", open == nullptr ? json(nullptr) : json(name(open->state))}}};
}

lane_answer set_buyer(lane& host, shop* known, const admin_call& call) {
    const auto buyer = text_in(call.body, "buyer");
    if (const auto wrong = protocol::check_buyer(buyer)) return failed(wrong->code, wrong->text);
    for (const char* key : {"member", "private"})
        if (auto wrong = check_flag(call.body, key)) return wrong;
    if (call.body.contains("tags"))
        if (const auto wrong = check_texts(call.body["tags"], "tags", limits::tags)) return failed(errc::malformed, *wrong);
    const auto before = traits_of(known, buyer);
    const auto dedicated = call.body.contains("dedicated") ? text_in(call.body, "dedicated") : before.dedicated;
    if (!dedicated.empty() && !has_account(known, call, dedicated))
        return failed(errc::not_found, "the shop has no account " + dedicated);
    const auto tags = call.body.contains("tags") ? call.body["tags"].get<std::vector<std::string>>() : before.tags;
    auto* shop = host.shop_for(call.shop);
    if (shop == nullptr) return no_such_shop(call);
    routing::buyer_set fact{shop->name, buyer, host.now()};
    fact.member = flag_in(call.body, "member", before.member);
    fact.private_contact = flag_in(call.body, "private", before.private_contact);
    fact.dedicated = dedicated;
    fact.tags.assign(tags.begin(), tags.end());
    for (const auto& each : before.crowds)
        fact.crowds.push_back({each.id, each.since, each.until});
    host.output().record(fact);
    routing::apply(shop->buyers[buyer].facts, fact);
    audit(host, shop->name, call.by(), call.verb, changes_in(call.body));
    return get_buyer(host, *shop, call);
}

lane_answer set_shop(lane& host, shop* known, const admin_call& call) {
    if (auto wrong = check_flag(call.body, "now")) return wrong;
    const bool sets = call.body.contains("rating");
    const auto rating = routing::rating_of(text_in(call.body, "rating"));
    if (sets && !rating) return failed(errc::malformed, "rating must be none, bronze, silver or gold");
    auto* shop = sets ? host.shop_for(call.shop) : known;
    if (shop == nullptr) return no_such_shop(call);
    if (sets) {
        const bool at_once = flag_in(call.body, "now", false);
        const routing::rating_set fact{shop->name, host.now(), call.by(), *rating,
                                       at_once ? host.now() : shop->policy->zone().next_month(host.now())};
        host.output().record(fact);
        routing::apply(shop->rating, fact);
        audit(host, shop->name, call.by(), call.verb, changes_in(call.body));
    }
    const auto& next = shop->rating.next;
    const bool coming = next.from > host.now();
    return admin_answer{errc::ok,
                        {{"shop", shop->name},
                         {"rating", routing::name(shop->rating.at(host.now(), shop->policy->rules().rating))},
                         {"next_rating", coming ? json(routing::name(next.rating)) : json(nullptr)},
                         {"next_from", coming ? json(next.from) : json(nullptr)},
                         {"time_zone", shop->policy->rules().time_zone}}};
}

lane_answer assign(lane&, shop& shop, const admin_call& call) {
    const auto found = shop.conversations.find(routing::from_id(text_in(call.body, "conversation")));
    if (found == shop.conversations.end()) return failed(errc::not_found, "the shop has no open conversation with that id");
    const auto to = text_in(call.body, "to");
    if (to.empty()) return failed(errc::malformed, "to must be an account or group:ID");
    if (auto wrong = check_note(call)) return wrong;
    found->second->on_assign(call, to, text_in(call.body, "note"));
    return std::nullopt;
}

} // namespace fenliu::actors
