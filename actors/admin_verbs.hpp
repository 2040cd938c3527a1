// The admin verbs (protocol/ADMIN.md), as JSON: what one lane answers about its shops and how the parts of several lanes are
// joined. Control plane: clarity before speed. Lane's thread, but for `join`.
#pragma once

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
    nlohmann::json body;
};
struct admin_answer {
    protocol::errc code = protocol::errc::ok;
    nlohmann::json body;
};

/// Verbs about one shop: agents, agent.set, queue, buyer.get. NOT_FOUND with a text for anything it doesn't know.
[[nodiscard]] admin_answer answer_in_lane(lane& host, const admin_call& call);
[[nodiscard]] bool is_lane_verb(std::string_view verb);

/// This lane's part of stats, shop.list and explain (null: not held here).
[[nodiscard]] nlohmann::json survey_lane(lane& host, const admin_call& call);
[[nodiscard]] bool is_survey_verb(std::string_view verb);
/// The parts of all lanes as one body: counts added up, lists joined in order and paged.
[[nodiscard]] nlohmann::json join(const admin_call& call, std::vector<nlohmann::json> parts);

[[nodiscard]] nlohmann::json describe(const routing::conversation& value);
/// Encodes the body as the one msgpack map of kind 51.
[[nodiscard]] std::string encode_body(const nlohmann::json& body);

} // namespace fenliu::actors
