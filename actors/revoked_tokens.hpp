// The signed tokens that admins have revoked and that have not ended yet: checks what asks for another one and lists them. Owned
// by control, in its thread; the journal makes them last and transport refuses them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "actors/admin_verbs.hpp"
#include "storage/store.hpp"

namespace fenliu::actors {

class revoked_tokens {
public:
    revoked_tokens(std::vector<storage::revoked_token> known, std::function<routing::timestamp_ms()> wall_clock);

    /// `{id, expires_at, note}`. What is to be journaled; MALFORMED for what is no id or no time to come, OVERLOADED with
    /// limits::revoked_tokens of them. A token may be revoked again: the later end counts, and none is the latest.
    [[nodiscard]] std::variant<storage::revoked_token, admin_answer> revoke(const nlohmann::json& body, std::string_view by);
    /// `{limit, cursor}`; a page, by id.
    [[nodiscard]] admin_answer list(const nlohmann::json& body);

private:
    /// Those that have ended are refused by themselves.
    void forget_ended();

    std::map<std::string, storage::revoked_token> known_;
    std::function<routing::timestamp_ms()> wall_clock_;
};

} // namespace fenliu::actors
