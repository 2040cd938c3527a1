// The admin verbs (protocol/ADMIN.md), as JSON: what one lane answers about its shops and how the parts of several lanes are
// joined. Control plane: clarity before speed. Lane's thread, but for `join`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/lane.hpp"
#include "protocol/error.hpp"
#include "routing/conversation.hpp"

namespace fenliu::actors {

/// One admin request, its bytes copied; `shop` from the body or the session.
struct admin_call {
    link_id link = 0;
    std::uint64_t rx = 0;
    std::string request_id, verb, shop;
    std::string account; ///< of an agent's session; empty: an admin's
    nlohmann::json body;
    protocol::grade grade = protocol::grade::admin; ///< by its token or role; the shop's policy may raise an agent
    std::string admin = "admin";                    ///< what an admin is called: with the id of its token, if it has one

    /// Who did it, for the audit.
    [[nodiscard]] std::string_view by() const { return account.empty() ? admin : account; }
};
struct admin_answer {
    protocol::errc code = protocol::errc::ok;
    nlohmann::json body;
};
[[nodiscard]] admin_answer failed(protocol::errc code, std::string text);
[[nodiscard]] admin_answer no_such_shop(const admin_call& call);

/// Verbs about one shop. Nothing: the answer comes later, by `reply`.
using lane_answer = std::optional<admin_answer>;
/// What is wrong with the words that explain a change; nothing if they may stand.
[[nodiscard]] lane_answer check_note(const admin_call& call);
[[nodiscard]] lane_answer answer_in_lane(lane& host, const admin_call& call);
[[nodiscard]] bool is_lane_verb(std::string_view verb);
/// Whether an agent may ask for this in its shop: what it may as an agent, and what seniors may for main, those that the policy
/// names and those whose token does (R41).
[[nodiscard]] bool may(const shop& shop, const admin_call& call);
/// Sends the answer of a call.
void reply(lane& host, const admin_call& call, const admin_answer& given);
/// Journals what an admin or senior agent did (invariant 27); `detail` holds no message texts.
/// An empty shop: the whole broker.
void audit(lane& host, std::string_view shop, std::string_view by, std::string_view verb, const nlohmann::json& detail);

/// The part of a body that asks for changes, as the audit keeps it.
[[nodiscard]] nlohmann::json changes_in(const nlohmann::json& body);
/// Gives the account the cap and participation that the call names.
void apply_terms(agent& account, const admin_call& call);

/// This lane's part of stats, shop.list and explain (null: not held here).
[[nodiscard]] nlohmann::json survey_lane(lane& host, const admin_call& call);
[[nodiscard]] bool is_survey_verb(std::string_view verb);
/// The parts of all lanes as one body: counts added up, lists joined in order and paged.
[[nodiscard]] nlohmann::json join(const admin_call& call, std::vector<nlohmann::json> parts);

[[nodiscard]] nlohmann::json describe(const routing::conversation& value);
/// A row of `agents`.
[[nodiscard]] nlohmann::json agent_row(const shop& shop, const agent& each);
/// Encodes the body as the one msgpack map of kind 51.
[[nodiscard]] std::string encode_body(const nlohmann::json& body);

// Of the verbs about one shop, those in files of their own.
[[nodiscard]] lane_answer get_buyer(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer set_agent(lane& host, shop* known, const admin_call& call);
[[nodiscard]] lane_answer set_buyer(lane& host, shop* known, const admin_call& call);
[[nodiscard]] lane_answer erase_buyer(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer prune_shop(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer set_shop(lane& host, shop* known, const admin_call& call);
[[nodiscard]] lane_answer assign(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer explain_waiting(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer explain_agent(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer get_policy(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer list_policies(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer check_policy(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer put_policy(lane& host, shop* known, const admin_call& call);
[[nodiscard]] lane_answer roll_back_policy(lane& host, shop& shop, const admin_call& call);
[[nodiscard]] lane_answer test_policy(lane& host, shop& shop, const admin_call& call);

} // namespace fenliu::actors
