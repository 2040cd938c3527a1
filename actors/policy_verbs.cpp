#include "actors/policy_verbs.hpp"

#include <algorithm>

#include "actors/agent.hpp"
#include "actors/body_fields.hpp"
#include "actors/buyer_facts.hpp"
#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"
#include "actors/explanation.hpp"
#include "protocol/limits.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;

json describe(const policy_findings& findings) {
    json out = json::array();
    for (const auto& each : findings) {
        if (out.size() == limits::policy_findings) break;
        out.push_back({{"line", each.line},
                       {"column", each.column},
                       {"severity", each.error ? "error" : "warning"},
                       {"text", each.text.substr(0, limits::note_bytes)}});
    }
    return out;
}

admin_answer refused(const policy_findings& findings) {
    const auto first = findings.empty() ? std::string{"the text is no policy"} : findings.front().text;
    return {errc::malformed, {{"text", first}, {"findings", describe(findings)}}};
}

json describe(const routing::policy_version& each, bool current) {
    return {{"version", each.version}, {"at", each.at},       {"by", each.by},     {"source", each.source},
            {"note", each.note},       {"bytes", each.bytes}, {"current", current}};
}

/// One part of a version's text, cut where a character begins.
admin_answer part_of(const shop& shop, const routing::policy_version& whole, std::uint64_t part) {
    std::vector<std::string_view> parts;
    for (std::string_view rest = whole.text; parts.empty() || !rest.empty();) {
        auto size = std::min(rest.size(), limits::policy_part_bytes);
        while (size < rest.size() && (static_cast<unsigned char>(rest[size]) & 0xC0U) == 0x80U)
            --size;
        parts.push_back(rest.substr(0, size));
        rest.remove_prefix(size);
    }
    if (part == 0 || part > parts.size()) return failed(errc::malformed, "part must be 1 to " + std::to_string(parts.size()));
    json body = describe(whole, whole.version == shop.version().version);
    body.update({{"shop", shop.name}, {"part", part}, {"parts", parts.size()}, {"text", parts[part - 1]}});
    return {errc::ok, std::move(body)};
}

/// Adds the part that the call brings; the whole text with the last one, an answer with the others.
std::variant<std::string, admin_answer> take_part(lane& host, const admin_call& call) {
    auto& uploads = host.policy_uploads();
    const auto part = number_in(call.body, "part", 1), parts = number_in(call.body, "parts", 1);
    const auto text = call.body.find("text");
    if (text == call.body.end() || !text->is_string()) return failed(errc::malformed, "text must be the policy, or a part of it");
    const auto same = [&](const policy_upload& each) {
        return each.link == call.link && each.verb == call.verb && each.shop == call.shop;
    };
    if (part == 1) std::erase_if(uploads, same);
    auto found = std::ranges::find_if(uploads, same);
    if (found == uploads.end()) {
        if (part != 1) return failed(errc::malformed, "part 1 has to come first");
        if (uploads.size() >= limits::policy_uploads) uploads.erase(uploads.begin());
        found = uploads.insert(uploads.end(), {call.link, call.verb, call.shop, {}, 0});
    }
    if (part != found->parts_taken + 1 || part > parts)
        return failed(errc::malformed, "part " + std::to_string(found->parts_taken + 1) + " comes next");
    found->text += text->get_ref<const std::string&>();
    if (found->text.size() > limits::policy_bytes) {
        uploads.erase(found);
        return failed(errc::too_large, "a policy has at most " + std::to_string(limits::policy_bytes) + " bytes");
    }
    if (++found->parts_taken < parts) return admin_answer{errc::ok, {{"part", part}, {"parts", parts}}};
    auto whole = std::move(found->text);
    uploads.erase(found);
    return whole;
}

/// What a put is about, on its way over the worker.
struct proposal {
    admin_call call;
    std::string text, source, note;
    std::uint32_t base = 0; ///< the version it was made from; 0: not said
    std::string account;    ///< whose row is the answer; empty: the version
};

/// Back in the lane: nothing but this one step stands between the old policy and the new one.
void put_in_force(lane& host, const proposal& made, const policy_language::reading& read) {
    const auto& call = made.call;
    if (!read.policy) return reply(host, call, refused(read.findings));
    const bool may_make = made.base == 0 && call.account.empty();
    auto* shop = may_make ? host.shop_for(call.shop) : host.find_shop(call.shop);
    if (shop == nullptr) return reply(host, call, no_such_shop(call));
    const auto current = shop->version().version;
    if (made.base != 0 && made.base != current)
        return reply(host, call,
                     failed(errc::stale_epoch, "version " + std::to_string(current) + " is in force by now, this was made from " +
                                                   std::to_string(made.base) + "; look at the difference and put it again"));
    auto* account = made.account.empty() ? nullptr : host.agent_for(*shop, made.account);
    if (account == nullptr && !made.account.empty())
        return reply(host, call, failed(errc::not_found, "the shop has no account " + made.account));
    host.put_policy(*shop, read.policy, made.text, call.by(), made.source, made.note);
    const auto version = shop->version().version;
    if (account != nullptr) {
        apply_terms(*account, call);
        auto detail = changes_in(call.body);
        detail["version"] = version;
        audit(host, shop->name, call.by(), call.verb, detail);
        return reply(host, call, {errc::ok, agent_row(*shop, *account)});
    }
    audit(host, shop->name, call.by(), call.verb,
          {{"version", version}, {"source", made.source}, {"note", made.note}, {"bytes", made.text.size()}});
    reply(host, call, {errc::ok, {{"shop", shop->name}, {"version", version}, {"findings", describe(read.findings)}}});
}

lane_answer propose(lane& host, proposal made) {
    host.work([made = std::move(made), language = host.language()]() -> std::function<void(lane&)> {
        auto read = language.read ? language.read(made.call.shop, made.text) : policy_language::reading{};
        return [made, read = std::move(read)](lane& back) { put_in_force(back, made, read); };
    });
    return std::nullopt;
}

} // namespace

lane_answer get_policy(lane& host, shop& shop, const admin_call& call) {
    const auto& current = shop.version();
    const auto version = number_in(call.body, "version", current.version);
    const auto part = number_in(call.body, "part", 1);
    if (version == current.version) return part_of(shop, current, part);
    if (version == 0 || version > current.version)
        return failed(errc::not_found, "the shop has versions 1 to " + std::to_string(current.version));
    host.store().read_policy(
        shop.name, static_cast<std::uint32_t>(version),
        [call, part, resume = host.resumer()](std::optional<routing::policy_version> found) {
            resume([call, part, found = std::move(found)](lane& back) {
                const auto* of = back.find_shop(call.shop);
                reply(back, call, found ? part_of(*of, *found, part) : failed(errc::not_found, "that version is not kept"));
            });
        });
    return std::nullopt;
}

lane_answer list_policies(lane&, shop& shop, const admin_call& call) {
    const auto below = std::strtoull(text_in(call.body, "cursor").c_str(), nullptr, 10);
    json rows = json::array();
    json next = nullptr;
    for (auto each = shop.versions.rbegin(); each != shop.versions.rend(); ++each) {
        if (below != 0 && each->version >= below) continue;
        if (rows.size() == page_limit(call.body)) {
            next = std::to_string(rows.back()["version"].get<std::uint32_t>());
            break;
        }
        rows.push_back(describe(*each, each == shop.versions.rbegin()));
    }
    return admin_answer{errc::ok, {{"shop", shop.name}, {"versions", std::move(rows)}, {"cursor", next}}};
}

lane_answer check_policy(lane& host, shop&, const admin_call& call) {
    auto text = take_part(host, call);
    if (auto* answer = std::get_if<admin_answer>(&text)) return std::move(*answer);
    host.work([call, text = std::move(std::get<std::string>(text)), language = host.language()]() -> std::function<void(lane&)> {
        auto read = language.read ? language.read(call.shop, text) : policy_language::reading{};
        return [call, read = std::move(read)](lane& back) {
            reply(back, call,
                  read.policy ? admin_answer{errc::ok, {{"findings", describe(read.findings)}}} : refused(read.findings));
        };
    });
    return std::nullopt;
}

lane_answer put_policy(lane& host, shop* known, const admin_call& call) {
    if (known == nullptr && !host.auto_create()) return no_such_shop(call);
    if (auto wrong = check_note(call)) return wrong;
    auto text = take_part(host, call);
    if (auto* answer = std::get_if<admin_answer>(&text)) return std::move(*answer);
    return propose(host, {call,
                          std::move(std::get<std::string>(text)),
                          "put",
                          text_in(call.body, "note"),
                          static_cast<std::uint32_t>(number_in(call.body, "base", 0)),
                          {}});
}

lane_answer roll_back_policy(lane& host, shop& shop, const admin_call& call) {
    if (auto wrong = check_note(call)) return wrong;
    const auto version = number_in(call.body, "version", 0);
    const auto current = shop.version().version;
    if (version == 0 || version >= current)
        return failed(errc::not_found, "version must be one before the current version, " + std::to_string(current));
    host.store().read_policy(shop.name, static_cast<std::uint32_t>(version),
                             [call, version, current, resume = host.resumer()](std::optional<routing::policy_version> found) {
                                 resume([call, version, current, found = std::move(found)](lane& back) {
                                     if (!found) return reply(back, call, failed(errc::not_found, "that version is not kept"));
                                     auto note = text_in(call.body, "note");
                                     if (note.empty()) note = "back to version " + std::to_string(version);
                                     (void)propose(back, {call, found->text, "rollback", std::move(note), current, {}});
                                 });
                             });
    return std::nullopt;
}

lane_answer put_groups(lane& host, shop& shop, const admin_call& call, const std::string& account) {
    const auto groups = call.body["groups"].get<std::vector<std::string>>();
    const auto& current = shop.version();
    host.work([call, account, groups, text = current.text, base = current.version,
               language = host.language()]() -> std::function<void(lane&)> {
        const auto edit = language.set_groups ? language.set_groups(text, account, groups) : policy_language::edit{};
        if (edit.text.empty()) return [call, edit](lane& back) { reply(back, call, refused(edit.errors)); };
        auto read = language.read(call.shop, edit.text);
        const proposal made{call, edit.text, "agent.set", account + " in other groups", base, account};
        return [made, read = std::move(read)](lane& back) { put_in_force(back, made, read); };
    });
    return std::nullopt;
}

lane_answer test_policy(lane& host, shop& shop, const admin_call& call) {
    routing::route_request request;
    const auto& body = call.body;
    request.buyer = text_in(body, "buyer");
    request.text = text_in(body, "text");
    request.to = text_in(body, "to");
    request.clicked_group = text_in(body, "group");
    request.product = text_in(body, "product");
    request.order_state = text_in(body, "order_state");
    const auto entry = text_in(body, "entry");
    if (entry == "lit_icon") request.entry = routing::entry_kind::lit_icon;
    if (entry == "message_box") request.entry = routing::entry_kind::message_box;
    const auto known = shop.buyers.find(request.buyer);
    if (known != shop.buyers.end()) add_facts(request, known->second.facts, *shop.policy, host.now());
    request.from_seller = shop.agents.contains(request.buyer);
    const auto names = [&](const char* key) {
        std::vector<std::string> list;
        if (const auto found = body.find(key); found != body.end() && found->is_array())
            for (const auto& each : *found)
                if (each.is_string()) list.push_back(each.get<std::string>());
        return list;
    };
    for (auto& each : names("tags"))
        request.tags.push_back(std::move(each));
    for (auto& each : names("crowds"))
        request.crowds.push_back({std::move(each), 1, 0}); // long enough for priority
    const auto at = static_cast<routing::timestamp_ms>(number_in(body, "at", static_cast<std::uint64_t>(host.now())));
    const auto made = shop.dispatcher->suppose(std::move(request), at);
    auto decision = describe(made->trace);
    decision["kind"] = "test";
    return admin_answer{errc::ok, {{"decision", std::move(decision)}, {"verdicts", describe_agents(shop.dispatcher->agents())}}};
}

} // namespace fenliu::actors
