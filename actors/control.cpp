#include "actors/control.hpp"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <map>

#include "actors/admin_verbs.hpp"
#include "actors/body_fields.hpp"
#include "actors/explanation.hpp"
#include "actors/policy_verbs.hpp"
#include "actors/revoked_tokens.hpp"
#include "protocol/account.hpp"
#include "protocol/limits.hpp"
#include "transport/permission.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;

/// A question to every lane whose parts are coming in.
struct survey {
    admin_call call;
    std::vector<json> parts;
};

class control_actor final : public caf::event_based_actor {
public:
    control_actor(caf::actor_config& config, control_options options)
        : caf::event_based_actor{config}
        , options_{std::move(options)}
        , tokens_{std::move(options_.revoked), options_.wall_clock} {}

    caf::behavior make_behavior() override {
        return {
            [this](const admin_batch& batch) { take(*batch.batch); },
            [this](const survey_part& part) { take(part); },
            [this](const admitted_call& admitted) { ask_process(std::move(*admitted.call)); },
        };
    }
    const char* name() const override { return "fenliu.control"; }

private:
    void take(transport::inbound_batch& batch) {
        for (const auto* each : batch.events)
            if (const auto* event = std::get_if<transport::received>(each))
                if (const auto* request = std::get_if<protocol::admin_request>(&event->message)) ask(*event, *request);
    }

    void ask(const transport::received& event, const protocol::admin_request& request) {
        admin_call call{event.link,         event.rx, std::string{request.request_id}, std::string{request.verb}, {},
                        event.who->account, {}};
        call.body = json::from_msgpack(request.body.begin(), request.body.end(), true, false);
        if (!call.body.is_object()) return answer(call, {errc::malformed, {{"text", "the body must be a map with text keys"}}});
        if (call.body.contains("shop") && !call.body["shop"].is_string())
            return answer(call, {errc::malformed, {{"text", "shop must be a text"}}});
        call.shop = call.body.contains("shop") ? text_in(call.body, "shop") : event.who->shop;
        if (!call.shop.empty())
            if (const auto wrong = protocol::check_shop(call.shop)) return answer(call, failed(wrong->code, wrong->text));
        if (!event.who->shop.empty() && call.shop != event.who->shop)
            return answer(call, {errc::forbidden, {{"text", "this session is for shop " + event.who->shop}}});
        call.grade = event.who->grade;
        if (!event.who->token_id.empty()) call.admin += " " + event.who->token_id;
        // An agent may be a senior by its shop's policy, which its lane knows.
        const auto as = call.account.empty() ? call.grade : protocol::grade::senior;
        if (const auto wrong = transport::check_verb(*event.who, as, call.verb))
            return answer(call, failed(wrong->code, wrong->text));
        if (is_lane_verb(call.verb)) return ask_lane(std::move(call));
        if (!call.account.empty()) return ask_for_agent(std::move(call));
        ask_process(std::move(call));
    }

    /// Verbs that no lane answers alone are for senior agents of the shop, whom its lane knows.
    void ask_for_agent(admin_call call) {
        const auto lane_index = options_.lane_of(call.shop);
        anon_send(options_.lanes[lane_index], continuation{[call = std::move(call), back = caf::actor{this}](lane& host) {
                      const auto* shop = host.find_shop(call.shop);
                      if (shop == nullptr || !may(*shop, call))
                          return reply(host, call, failed(errc::forbidden, call.account + " may not ask for this"));
                      caf::anon_send(back, admitted_call{std::make_shared<admin_call>(call)});
                  }});
    }

    void ask_process(admin_call call) {
        if (is_survey_verb(call.verb)) return ask_all(std::move(call));
        if (call.verb == "audit") return list_deeds(call);
        if (call.verb == "audit.verify") return verify_audit(call);
        if (call.verb == "drain") return drain(std::move(call));
        if (call.verb == "token.revoke") return revoke(std::move(call));
        assert(call.verb == "token.list"); // check_verb knows no other
        answer(call, tokens_.list(call.body));
    }

    /// Through a lane too: once the journal has it, the token's sessions end.
    void revoke(admin_call call) {
        auto asked = tokens_.revoke(call.body, call.by());
        if (auto* wrong = std::get_if<admin_answer>(&asked)) return answer(call, *wrong);
        anon_send(options_.lanes.front(),
                  continuation{[call = std::move(call), token = std::get<storage::revoked_token>(asked)](lane& host) {
                      host.output().record(routing::token_revoked{token.id, host.now(), call.by(), token.expires_at});
                      audit(host, {}, call.by(), call.verb, changes_in(call.body));
                      host.output().revoke(token.id, token.expires_at);
                      reply(host, call, {errc::ok, {{"id", token.id}}});
                  }});
    }

    /// Through a lane, whose journal tells who asked for it.
    void drain(admin_call call) {
        options_.drain();
        anon_send(options_.lanes.front(), continuation{[call = std::move(call)](lane& host) {
                      audit(host, {}, call.by(), call.verb, json::object());
                      reply(host, call, {errc::ok, json::object()});
                  }});
    }

    void ask_lane(admin_call call) {
        if (call.shop.empty() && call.verb == "assign") return seek_lane(options_.lanes, 0, std::move(call));
        if (call.shop.empty()) return answer(call, {errc::malformed, {{"text", "name the shop"}}});
        anon_send(options_.lanes[options_.lane_of(call.shop)], continuation{[call = std::move(call)](lane& host) {
                      if (const auto found = answer_in_lane(host, call)) reply(host, call, *found);
                  }});
    }

    /// A conversation's id is enough to find its shop: the lanes look one after another.
    static void seek_lane(const std::vector<caf::actor>& lanes, std::size_t at, admin_call call) {
        caf::anon_send(lanes[at], continuation{[lanes, at, call = std::move(call)](lane& host) {
                           auto known = call;
                           const auto number = routing::from_id(text_in(call.body, "conversation"));
                           for (const auto& [name, each] : host.shops())
                               if (each->conversations.contains(number)) known.shop = name;
                           if (known.shop.empty() && at + 1 < lanes.size()) return seek_lane(lanes, at + 1, call);
                           if (known.shop.empty())
                               return reply(host, call, failed(errc::not_found, "no open conversation with that id"));
                           if (const auto found = answer_in_lane(host, known)) reply(host, known, *found);
                       }});
    }

    void ask_all(admin_call call) {
        const auto number = ++last_survey_;
        for (const auto& each : options_.lanes)
            anon_send(each, continuation{[call, number, back = caf::actor{this}](lane& host) {
                          caf::anon_send(back, survey_part{number, to_text(survey_lane(host, call))});
                      }});
        surveys_[number].call = std::move(call);
    }

    /// What concerns all shops is not told to a session that is for one.
    void add_process_stats(json& body, const admin_call& call) const {
        const json process = options_.process_stats();
        for (const auto& [key, value] : process.items())
            if (call.shop.empty() || key == "version" || key == "uptime_s" || key == "draining") body[key] = value;
    }

    void take(const survey_part& part) {
        auto& asked = surveys_[part.survey];
        asked.parts.push_back(json::parse(part.json));
        if (asked.parts.size() < options_.lanes.size()) return;
        const survey whole = std::move(asked);
        surveys_.erase(part.survey);
        json body = actors::join(whole.call, whole.parts);
        if (whole.call.verb == "explain") return body.is_null() ? explain_past(whole.call) : explain(whole.call, std::move(body));
        if (whole.call.verb == "stats") add_process_stats(body, whole.call);
        answer(whole.call, {errc::ok, std::move(body)});
    }

    void explain_past(const admin_call& call) {
        const auto id = text_in(call.body, "id");
        const auto known = routing::from_id(id);
        if (known != 0) return explain_conversation(call, known);
        options_.store->find_message(call.shop, id,
                                     [this, call](conversation_number number) { explain_conversation(call, number); });
    }

    void explain_conversation(const admin_call& call, conversation_number number) {
        options_.store->read_conversation(call.shop, number, [this, call](std::unique_ptr<routing::conversation> found) {
            if (found) return explain(call, describe(*found));
            answer(call, failed(errc::not_found,
                                "no conversation and no message with that id; conversations look like " + routing::to_id(1)));
        });
    }

    /// Adds the decisions. Also from the store's reading thread, so nothing here changes.
    void explain(const admin_call& call, json body) const {
        const auto shop = body["shop"].get<std::string>();
        const auto number = routing::from_id(body["conversation"].get<std::string>());
        const auto finish = [call, body = std::move(body), to = options_.egress](json decisions) {
            json whole = body;
            whole["decisions"] = std::move(decisions);
            post(*to, call, {errc::ok, std::move(whole)});
        };
        if (flag_in(call.body, "full", false)) return explain_in_full(*options_.store, options_.language, shop, number, finish);
        options_.store->read_decisions(
            {shop, number, limits::explained_for_agent},
            [finish](std::vector<storage::stored_decision> found) { finish(actors::describe(found)); });
    }

    void list_deeds(const admin_call& call) {
        const storage::deed_query query{call.shop, std::strtoull(text_in(call.body, "cursor").c_str(), nullptr, 10),
                                        page_limit(call.body)};
        options_.store->read_deeds(
            query, [call, most = query.limit, to = options_.egress](std::vector<storage::stored_deed> found) {
                json rows = json::array();
                page_room room{call.body};
                for (const auto& each : found) {
                    json row{{"n", each.position},
                             {"at", each.at},
                             {"shop", each.shop},
                             {"by", each.by},
                             {"verb", each.verb},
                             {"detail", each.detail.empty() ? json(nullptr) : json::parse(each.detail, nullptr, false)}};
                    if (!room.take(row)) break;
                    rows.push_back(std::move(row));
                }
                const bool all = rows.size() == found.size() && found.size() < most;
                const json next = all ? json(nullptr) : json(std::to_string(found[rows.size() - 1].position));
                post(*to, call, {errc::ok, {{"actions", std::move(rows)}, {"cursor", next}}});
            });
    }

    /// The chain is one for all shops.
    void verify_audit(const admin_call& call) {
        options_.store->verify_audit(text_in(call.body, "head"),
                                     [call, to = options_.egress](const storage::audit_report& found) {
                                         post(*to, call,
                                              {errc::ok,
                                               {{"whole", found.broken_at == 0 && found.head_found},
                                                {"rows", found.rows},
                                                {"erased", found.erased},
                                                {"broken_at", found.broken_at == 0 ? json(nullptr) : json(found.broken_at)},
                                                {"head_found", found.head_found},
                                                {"head", or_nil(found.head)}}});
                                     });
    }

    static void post(egress& to, const admin_call& call, const admin_answer& given) {
        transport::outbound_batch batch;
        protocol::encode(batch.bytes,
                         protocol::admin_reply{call.request_id, protocol::name(given.code), encode_body(given.body)});
        batch.sends.push_back({call.link, static_cast<std::uint32_t>(batch.bytes.size())});
        batch.processed.push_back({call.link, call.rx, call.rx});
        to.post(std::move(batch));
    }
    void answer(const admin_call& call, const admin_answer& given) const { post(*options_.egress, call, given); }

    control_options options_;
    revoked_tokens tokens_;
    std::map<std::uint64_t, survey> surveys_;
    std::uint64_t last_survey_ = 0;
};

} // namespace

caf::actor spawn_control(caf::actor_system& system, control_options options) {
    return system.spawn<control_actor>(std::move(options));
}

} // namespace fenliu::actors
