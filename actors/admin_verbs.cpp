#include "actors/admin_verbs.hpp"

#include <algorithm>
#include <cassert>
#include <exception>

#include "actors/agent.hpp"
#include "actors/body_fields.hpp"
#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"
#include "protocol/account.hpp"
#include "transport/permission.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;
using routing::conversation_state;

/// Rows after the cursor, in the order of `key`, as many as a page takes; the next cursor is the last row's key.
json page(const json& body, std::string_view list, std::string_view key, json rows) {
    const auto after = text_in(body, "cursor");
    json out = json::array();
    json cursor = nullptr;
    page_room room{body};
    for (auto& row : rows) {
        if (!after.empty() && row[std::string{key}].get<std::string>() <= after) continue;
        if (!room.take(row)) {
            cursor = out.back()[std::string{key}];
            break;
        }
        out.push_back(std::move(row));
    }
    return {{std::string{list}, std::move(out)}, {"cursor", std::move(cursor)}};
}

lane_answer list_agents(lane&, shop& shop, const admin_call& call) {
    json rows = json::array();
    for (const auto& [name, each] : shop.agents)
        rows.push_back(agent_row(shop, *each.get()));
    json body = page(call.body, "agents", "account", std::move(rows));
    body["shop"] = shop.name;
    return admin_answer{errc::ok, std::move(body)};
}

json waiting_rows(lane& host, const shop& shop, const routing::waiting_line& line, std::string_view state) {
    json rows = json::array();
    std::uint32_t position = 0;
    for (const auto& each : line.in_order()) {
        ++position;
        const auto session = shop.conversations.find(each.number);
        if (session == shop.conversations.end()) continue;
        rows.push_back({{"conversation", routing::to_id(each.number)},
                        {"buyer", session->second->value().buyer},
                        {"state", state},
                        {"position", position},
                        {"class", each.wait_class},
                        {"waiting_since", each.since},
                        {"waited_ms", std::max<routing::timestamp_ms>(host.now() - each.since, 0)},
                        {"eta_s", line.estimate_s(position)}});
    }
    return rows;
}

lane_answer list_waiting(lane& host, shop& shop, const admin_call& call) {
    json rows = waiting_rows(host, shop, shop.dispatcher->line(), "queued");
    for (auto& row : waiting_rows(host, shop, shop.dispatcher->pool(), "pooled"))
        rows.push_back(std::move(row));
    // In the order of the line: the cursor is the last conversation shown, and the rows after it follow.
    const auto after = text_in(call.body, "cursor");
    auto from = std::find_if(rows.begin(), rows.end(), [&](const json& row) { return row["conversation"] == after; });
    from = from == rows.end() ? rows.begin() : std::next(from);
    json out = json::array();
    for (; from != rows.end() && out.size() < page_limit(call.body); ++from)
        out.push_back(*from);
    const json cursor = from == rows.end() || out.empty() ? json(nullptr) : out.back()["conversation"];
    return admin_answer{errc::ok, {{"shop", shop.name}, {"waiting", std::move(out)}, {"cursor", cursor}}};
}

struct lane_verb {
    std::string_view name;
    lane_answer (*answer)(lane&, shop&, const admin_call&);
    /// Instead, of verbs that make a shop not known yet (null), where that is allowed: once nothing is wrong with the call.
    lane_answer (*make)(lane&, shop*, const admin_call&) = nullptr;
};
constexpr lane_verb lane_verbs[] = {
    {"agents", list_agents},
    {"agent.set", nullptr, set_agent},
    {"queue", list_waiting},
    {"buyer.get", get_buyer},
    {"buyer.set", nullptr, set_buyer},
    {"shop.set", nullptr, set_shop},
    {"assign", actors::assign},
    {"explain.waiting", explain_waiting},
    {"explain.agent", explain_agent},
    {"policy.get", get_policy},
    {"policy.history", list_policies},
    {"policy.check", check_policy},
    {"buyer.erase", erase_buyer},
    {"shop.prune", prune_shop},
    {"policy.put", nullptr, put_policy},
    {"policy.rollback", roll_back_policy},
    {"policy.test", test_policy},
};

/// Levels of containers, its own included.
std::size_t levels(const json& value) {
    std::size_t below = 0;
    for (const auto& each : value)
        if (each.is_structured()) below = std::max(below, levels(each));
    return below + 1;
}

json shop_row(shop& each) {
    return {{"shop", each.name},
            {"accounts", each.agents.size()},
            {"online", each.dispatcher->agents().online()},
            {"buyers", each.buyers.size()},
            {"open", std::count_if(each.conversations.begin(), each.conversations.end(),
                                   [](const auto& entry) { return entry.second->value().open(); })},
            {"waiting", each.dispatcher->line().size()},
            {"pooled", each.dispatcher->pool().size()}};
}

/// Of one shop, or of all.
json survey_stats(lane& host, const std::string& of) {
    json sum{{"shops", 0}, {"assigned", json::object()}};
    const auto add = [&](const char* key, std::uint64_t value) { sum[key] = sum.value(key, std::uint64_t{0}) + value; };
    for (auto& [name, each] : host.shops()) {
        if (!of.empty() && name != of) continue;
        add("shops", 1);
        const json row = shop_row(*each);
        for (const char* key : {"accounts", "online", "buyers", "open", "waiting", "pooled"})
            add(key, row[key].get<std::uint64_t>());
        const auto& figures = each->figures;
        add("published", figures.published);
        add("delivered", figures.delivered);
        add("said", figures.said);
        add("duplicates", figures.duplicates);
        add("rejected", figures.rejected);
        for (const auto& [reason, count] : figures.assigned) {
            auto& cell = sum["assigned"][std::string{routing::name(reason)}];
            cell = cell.is_null() ? count : cell.get<std::uint64_t>() + count;
        }
    }
    return sum;
}

json survey_shops(lane& host) {
    json rows = json::array();
    for (auto& [name, each] : host.shops())
        rows.push_back(shop_row(*each));
    return rows;
}

/// By the conversation's id or by that of a buyer's line in it.
json survey_explain(lane& host, const admin_call& call) {
    const auto id = text_in(call.body, "id");
    const auto number = routing::from_id(id);
    for (auto& [name, each] : host.shops()) {
        if (!call.shop.empty() && name != call.shop) continue;
        if (const auto found = each->conversations.find(number); found != each->conversations.end())
            return describe(found->second->value());
        if (number != 0) continue;
        for (const auto& [key, session] : each->conversations)
            if (session->value().transcript.find(session->value().buyer, id)) return describe(session->value());
    }
    return nullptr;
}

void add_counts(json& sum, const json& part) {
    for (const auto& [key, value] : part.items()) {
        if (value.is_object())
            add_counts(sum[key], value);
        else
            sum[key] = (sum.contains(key) ? sum[key].get<std::uint64_t>() : 0) + value.get<std::uint64_t>();
    }
}

} // namespace

admin_answer failed(errc code, std::string text) { return {code, {{"text", std::move(text)}}}; }

admin_answer no_such_shop(const admin_call& call) { return failed(errc::not_found, "no such shop: " + call.shop); }

json agent_row(const shop& shop, const agent& each) {
    const auto report = each.report();
    const auto& name = each.account().name;
    json groups = json::array();
    for (const auto group : shop.policy->by_member(name))
        groups.push_back(shop.policy->rules().groups[group].id);
    return {{"account", name},
            {"presence", report.online ? protocol::name(each.said()) : std::string_view{"offline"}},
            {"suspended", each.account().suspended},
            {"participating", report.participating},
            {"robot", report.robot},
            {"connected", each.connected()},
            {"load", report.load},
            {"cap", report.cap},
            {"credit", shop.dispatcher->credit(name)},
            {"received", each.received()},
            {"groups", std::move(groups)}};
}

lane_answer check_note(const admin_call& call) {
    if (text_in(call.body, "note").size() <= limits::note_bytes) return std::nullopt;
    return failed(errc::malformed, "note must have at most " + std::to_string(limits::note_bytes) + " bytes");
}

bool is_lane_verb(std::string_view verb) {
    return std::any_of(std::begin(lane_verbs), std::end(lane_verbs), [&](const lane_verb& each) { return each.name == verb; });
}

bool may(const shop& shop, const admin_call& call) {
    using protocol::grade;
    const bool senior =
        call.grade == grade::senior || protocol::is_main(call.account) || shop.policy->terms_of(call.account).senior;
    return transport::reach_of(senior ? grade::senior : grade::agent, call.verb) == transport::reach::shop;
}

lane_answer answer_in_lane(lane& host, const admin_call& call) {
    const auto verb =
        std::find_if(std::begin(lane_verbs), std::end(lane_verbs), [&](const lane_verb& each) { return each.name == call.verb; });
    assert(verb != std::end(lane_verbs));
    auto* shop = host.find_shop(call.shop);
    const bool may_make = verb->make != nullptr && call.account.empty();
    if (shop == nullptr && !may_make) return no_such_shop(call);
    if (!call.account.empty() && !may(*shop, call))
        return failed(errc::forbidden, call.account + " is no senior agent of this shop; its policy may name it one");
    host.output().begin_step();
    try {
        return verb->make != nullptr ? verb->make(host, shop, call) : verb->answer(host, *shop, call);
    } catch (const std::exception&) {
        if (!host.output().undo_step()) throw;
        return failed(errc::internal, "this request can't be answered");
    }
}

void reply(lane& host, const admin_call& call, const admin_answer& given) {
    host.output().send(call.link, protocol::admin_reply{call.request_id, protocol::name(given.code), encode_body(given.body)});
    host.output().processed(call.link, call.rx);
}

void audit(lane& host, std::string_view shop, std::string_view by, std::string_view verb, const json& detail) {
    constexpr std::size_t around = 4; // in an answer: the message, its body, the list, the row
    auto text = to_text(detail);
    if (text.size() > limits::audit_bytes || levels(detail) > limits::depth - around) text = to_text({{"bytes", text.size()}});
    host.output().record(routing::admin_acted{shop, host.now(), by, verb, text});
}

bool is_survey_verb(std::string_view verb) { return verb == "stats" || verb == "shop.list" || verb == "explain"; }

json survey_lane(lane& host, const admin_call& call) {
    if (call.verb == "stats") return survey_stats(host, call.shop);
    if (call.verb == "shop.list") return survey_shops(host);
    return survey_explain(host, call);
}

json join(const admin_call& call, std::vector<json> parts) {
    if (call.verb == "stats") {
        json sum = json::object();
        for (const auto& part : parts)
            add_counts(sum, part);
        return sum;
    }
    if (call.verb == "shop.list") {
        std::vector<json> rows;
        for (auto& part : parts)
            for (auto& row : part)
                if (call.shop.empty() || row["shop"] == call.shop) rows.push_back(std::move(row));
        std::sort(rows.begin(), rows.end(), [](const json& a, const json& b) { return a["shop"] < b["shop"]; });
        return page(call.body, "shops", "shop", std::move(rows));
    }
    for (auto& part : parts)
        if (!part.is_null()) return std::move(part);
    return nullptr;
}

json describe(const routing::conversation& value) {
    json places = json::array();
    for (const auto& each : value.places) {
        json causes = json::array();
        for (const auto cause : each.causes)
            causes.push_back(routing::name(cause));
        places.push_back({{"epoch", each.epoch},
                          {"at", each.at},
                          {"state", name(each.state)},
                          {"owner", or_nil(each.owner)},
                          {"reason", routing::name(each.reason)},
                          {"causes", std::move(causes)},
                          {"forwarded", each.forwarded},
                          {"by", or_nil(each.by)},
                          {"note", or_nil(each.note)}});
    }
    return {{"conversation", routing::to_id(value.number)},
            {"shop", value.shop},
            {"buyer", value.buyer},
            {"state", name(value.state)},
            {"owner", or_nil(value.owner)},
            {"epoch", value.epoch},
            {"opened_at", value.opened_at},
            {"closed_at", value.closed_at == 0 ? json(nullptr) : json(value.closed_at)},
            {"close_cause", or_nil(value.close_cause)},
            {"lines", value.transcript.last_seq()},
            {"places", std::move(places)}};
}

std::string encode_body(const json& body) {
    std::string out;
    json::to_msgpack(body.is_null() ? json::object() : body, nlohmann::detail::output_adapter<char>{out});
    return out;
}

} // namespace fenliu::actors
