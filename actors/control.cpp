#include "actors/control.hpp"

#include <map>

#include "actors/admin_verbs.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;

constexpr std::string_view verbs = "stats, shop.list, agents, agent.set, queue, buyer.get, explain, drain";

/// A question to every lane whose parts are coming in.
struct survey {
    admin_call call;
    std::vector<json> parts;
};

class control_actor final : public caf::event_based_actor {
public:
    control_actor(caf::actor_config& config, control_options options)
        : caf::event_based_actor{config}
        , options_{std::move(options)} {}

    caf::behavior make_behavior() override {
        return {
            [this](const admin_batch& batch) { take(*batch.batch); },
            [this](const survey_part& part) { take(part); },
        };
    }
    const char* name() const override { return "fenliu.control"; }

private:
    void take(transport::inbound_batch& batch) {
        for (auto& each : batch.events)
            if (const auto* event = std::get_if<transport::received>(&each))
                if (const auto* request = std::get_if<protocol::admin_request>(&event->message)) ask(*event, *request);
    }

    void ask(const transport::received& event, const protocol::admin_request& request) {
        admin_call call{event.link, event.rx, std::string{request.request_id}, std::string{request.verb}, {}, {}};
        call.body = json::from_msgpack(request.body.begin(), request.body.end(), true, false);
        if (!call.body.is_object()) return answer(call, {errc::malformed, {{"text", "the body must be a map with text keys"}}});
        const auto shop = call.body.find("shop");
        call.shop = shop != call.body.end() && shop->is_string() ? shop->get<std::string>() : event.who->shop;
        if (!event.who->shop.empty() && call.shop != event.who->shop)
            return answer(call, {errc::forbidden, {{"text", "this session is for shop " + event.who->shop}}});
        if (is_lane_verb(call.verb)) return ask_lane(std::move(call));
        if (is_survey_verb(call.verb)) return ask_all(std::move(call));
        if (call.verb == "drain") {
            options_.drain();
            return answer(call, {errc::ok, json::object()});
        }
        answer(call, {errc::not_found, {{"text", "no such verb; there are: " + std::string{verbs}}}});
    }

    void ask_lane(admin_call call) {
        if (call.shop.empty()) return answer(call, {errc::malformed, {{"text", "name the shop"}}});
        anon_send(options_.lanes[options_.lane_of(call.shop)], continuation{[call = std::move(call)](lane& host) {
                      auto found = answer_in_lane(host, call);
                      host.output().send(
                          call.link, protocol::admin_reply{call.request_id, protocol::name(found.code), encode_body(found.body)});
                      host.output().processed(call.link, call.rx);
                  }});
    }

    void ask_all(admin_call call) {
        const auto number = ++last_survey_;
        for (const auto& each : options_.lanes)
            anon_send(each, continuation{[call, number, back = caf::actor{this}](lane& host) {
                          caf::anon_send(back, survey_part{number, survey_lane(host, call).dump()});
                      }});
        surveys_[number].call = std::move(call);
    }

    void take(const survey_part& part) {
        auto& asked = surveys_[part.survey];
        asked.parts.push_back(json::parse(part.json));
        if (asked.parts.size() < options_.lanes.size()) return;
        const survey whole = std::move(asked);
        surveys_.erase(part.survey);
        json body = actors::join(whole.call, whole.parts);
        if (whole.call.verb == "explain" && body.is_null()) return explain_archived(whole.call);
        if (whole.call.verb == "stats") body.update(options_.process_stats());
        answer(whole.call, {errc::ok, std::move(body)});
    }

    void explain_archived(const admin_call& call) {
        const auto number = routing::from_id(call.body.value("id", std::string{}));
        options_.store->read_conversation(
            call.shop, number, [call, to = options_.egress](std::unique_ptr<routing::conversation> found) {
                if (found)
                    post(*to, call, {errc::ok, describe(*found)});
                else
                    post(*to, call,
                         {errc::not_found, {{"text", "no conversation with that id; ids look like " + routing::to_id(1)}}});
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
    void answer(const admin_call& call, const admin_answer& given) { post(*options_.egress, call, given); }

    control_options options_;
    std::map<std::uint64_t, survey> surveys_;
    std::uint64_t last_survey_ = 0;
};

} // namespace

caf::actor spawn_control(caf::actor_system& system, control_options options) {
    return system.spawn<control_actor>(std::move(options));
}

} // namespace fenliu::actors
