// Why is this buyer still waiting, why did this agent get none: the state as it is, and the decisions that led to it.
#include <algorithm>

#include "actors/admin_verbs.hpp"
#include "actors/agent.hpp"
#include "actors/body_fields.hpp"
#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"
#include "actors/explanation.hpp"
#include "protocol/limits.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;

/// Answers with `body` and what `finish` makes of the decisions.
void answer_with_decisions(lane& host, const admin_call& call, storage::decision_query query, json body,
                           std::function<void(json& body, json decisions)> finish) {
    host.store().read_decisions(std::move(query), [call, body = std::move(body), finish = std::move(finish),
                                                   resume = host.resumer()](std::vector<storage::stored_decision> found) {
        resume([call, body, finish, found = std::move(found)](lane& back) {
            json whole = body;
            finish(whole, describe(found));
            reply(back, call, {errc::ok, std::move(whole)});
        });
    });
}

/// What the agent was to the decision: a candidate, or the first condition it failed; null where the trace doesn't say.
json part_in(const json& decision, std::string_view account) {
    if (decision["agent"] == account) return "received";
    for (const auto& each : decision["candidates"])
        if (each["account"] == account) return name(routing::failing::none);
    for (const auto& each : decision["declined"])
        if (each == account) return "declined";
    return nullptr;
}

} // namespace

lane_answer explain_waiting(lane& host, shop& shop, const admin_call& call) {
    const auto found = shop.buyers.find(text_in(call.body, "buyer"));
    if (found == shop.buyers.end() || found->second.current == nullptr)
        return failed(errc::not_found, "this buyer has no open conversation with the shop");
    const auto& session = *found->second.current;
    const auto& value = session.value();
    const auto& line = shop.dispatcher->line();
    const auto position = line.position(value.number);
    json body{{"shop", shop.name},
              {"buyer", value.buyer},
              {"conversation", session.id()},
              {"state", name(value.state)},
              {"waits", session.waits()},
              {"owner", or_nil(value.owner)},
              {"class", value.wait_class},
              {"position", position},
              {"eta_s", line.estimate_s(position)},
              {"waiting_since", value.waiting_since},
              {"waited_ms", value.waiting_since == 0 ? 0 : std::max<routing::timestamp_ms>(host.now() - value.waiting_since, 0)},
              {"agents", describe(shop.dispatcher->agents().count_failing())},
              {"policy", shop.version().version}};
    answer_with_decisions(host, call, {shop.name, value.number, 1}, std::move(body), [](json& whole, json decisions) {
        whole["decision"] = decisions.empty() ? json(nullptr) : decisions.back();
        const auto wanted = decisions.empty() ? json(nullptr) : decisions.back()["wanted_group"];
        whole["group"] = wanted;
    });
    return std::nullopt;
}

lane_answer explain_agent(lane& host, shop& shop, const admin_call& call) {
    const auto account = text_in(call.body, "account");
    const auto found = shop.agents.find(account);
    if (found == shop.agents.end()) return failed(errc::not_found, "the shop has no account " + account);
    json body = agent_row(shop, *found->second.get());
    const auto& agents = shop.dispatcher->agents();
    const auto failing = routing::first_failing(*agents.find(account));
    const auto ready = agents.best_few(agents.ready());
    const auto mine = std::ranges::find(ready, account, [](const auto& each) { return each.report->account; });
    body.update({{"shop", shop.name},
                 {"failing", name(failing)},
                 {"rank", mine == ready.end() ? json(nullptr) : json(mine - ready.begin() + 1)},
                 {"candidates", ready.size()},
                 {"next", ready.empty() ? json(nullptr) : json(ready.front().report->account)},
                 {"next_credit", ready.empty() ? json(nullptr) : json(ready.front().credit)},
                 {"waiting", shop.dispatcher->line().size()},
                 {"pooled", shop.dispatcher->pool().size()},
                 {"policy", shop.version().version}});
    answer_with_decisions(host, call, {shop.name, 0, limits::explained_for_agent}, std::move(body),
                          [account](json& whole, json decisions) {
                              for (auto& each : decisions)
                                  each["mine"] = part_in(each, account);
                              whole["decisions"] = std::move(decisions);
                          });
    return std::nullopt;
}

} // namespace fenliu::actors
