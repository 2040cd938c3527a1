#include "actors/revoked_tokens.hpp"

#include <algorithm>
#include <limits>

#include "actors/body_fields.hpp"
#include "protocol/limits.hpp"

namespace fenliu::actors {

using nlohmann::json;
using protocol::errc;

revoked_tokens::revoked_tokens(std::vector<storage::revoked_token> known, std::function<routing::timestamp_ms()> wall_clock)
    : wall_clock_{std::move(wall_clock)} {
    for (auto& each : known)
        known_.emplace(each.id, each);
}

void revoked_tokens::forget_ended() {
    std::erase_if(
        known_, [now = wall_clock_()](const auto& each) { return each.second.expires_at != 0 && each.second.expires_at <= now; });
}

std::variant<storage::revoked_token, admin_answer> revoked_tokens::revoke(const json& body, std::string_view by) {
    const auto id = text_in(body, "id");
    if (id.empty() || id.size() > limits::id_bytes)
        return failed(errc::malformed, "id must be that of a token, 1 to " + std::to_string(limits::id_bytes) + " bytes");
    if (body.contains("expires_at") && !body["expires_at"].is_number_unsigned())
        return failed(errc::malformed, "expires_at must be a time, in ms since 1970");
    auto end = static_cast<routing::timestamp_ms>(
        std::min<std::uint64_t>(number_in(body, "expires_at", 0), std::numeric_limits<routing::timestamp_ms>::max()));
    if (end != 0 && end <= wall_clock_())
        return failed(errc::malformed,
                      "expires_at is past; give it in ms since 1970, or leave it out for a token without an end");
    if (text_in(body, "note").size() > limits::note_bytes)
        return failed(errc::malformed, "note must have at most " + std::to_string(limits::note_bytes) + " bytes");
    if (known_.size() >= limits::revoked_tokens) forget_ended();
    if (known_.size() >= limits::revoked_tokens && !known_.contains(id))
        return failed(errc::overloaded, "as many tokens are revoked as are kept; have the issuer's key changed");
    if (end != 0)
        if (const auto known = known_.find(id); known != known_.end())
            end = known->second.expires_at == 0 ? 0 : std::max(end, known->second.expires_at);
    return known_.insert_or_assign(id, storage::revoked_token{id, wall_clock_(), std::string{by}, end}).first->second;
}

admin_answer revoked_tokens::list(const json& body) {
    forget_ended();
    json rows = json::array();
    json cursor = nullptr;
    for (auto each = known_.upper_bound(text_in(body, "cursor")); each != known_.end(); ++each) {
        if (rows.size() == page_limit(body)) {
            cursor = rows.back()["id"];
            break;
        }
        const auto& [id, token] = *each;
        rows.push_back({{"id", id},
                        {"at", token.at},
                        {"by", token.by},
                        {"expires_at", token.expires_at == 0 ? json(nullptr) : json(token.expires_at)}});
    }
    return {errc::ok, {{"revoked", std::move(rows)}, {"cursor", std::move(cursor)}}};
}

} // namespace fenliu::actors
