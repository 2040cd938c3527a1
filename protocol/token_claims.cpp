#include "protocol/token_claims.hpp"

#include <algorithm>
#include <array>

#include "protocol/account.hpp"
#include "protocol/field.hpp"
#include "protocol/writer.hpp"

namespace fenliu::protocol {

namespace {

constexpr std::uint32_t payload_fields = 9;
/// A CURVE key of 32 bytes as Z85.
constexpr std::size_t key_characters = 40;

constexpr std::array<std::string_view, 5> grade_names{"frontend", "agent", "senior", "admin", "auditor"};

failure malformed(std::string text) { return {errc::malformed, "the token " + std::move(text)}; }

bool is_plain(std::string_view id) noexcept {
    return std::ranges::all_of(id, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

} // namespace

std::string_view name(grade value) noexcept { return grade_names[static_cast<std::size_t>(value)]; }

std::optional<grade> grade_of(std::string_view name) noexcept {
    const auto found = std::ranges::find(grade_names, name);
    if (found == grade_names.end()) return std::nullopt;
    return static_cast<grade>(found - grade_names.begin());
}

role role_of(grade value) noexcept {
    switch (value) {
    case grade::frontend:
        return role::frontend;
    case grade::agent:
    case grade::senior:
        return role::agent;
    case grade::admin:
    case grade::auditor:
        break;
    }
    return role::admin;
}

grade grade_of(role value) noexcept {
    switch (value) {
    case role::frontend:
        return grade::frontend;
    case role::agent:
        return grade::agent;
    case role::admin:
        break;
    }
    return grade::admin;
}

std::optional<failure> check(const token_claims& claims) {
    if (claims.id.empty() || claims.id.size() > limits::id_bytes || !is_plain(claims.id))
        return malformed("has no id of 1 to 36 letters, digits, - and _");
    if (!claims.shop.empty() && check_shop(claims.shop)) return malformed("names no shop: " + claims.shop);
    const bool of_agent = role_of(claims.grade) == role::agent;
    if (of_agent && claims.shop.empty()) return malformed("of an agent names no shop");
    if (!claims.account.empty()) {
        account_name account;
        if (!of_agent) return malformed("has an account, which only agents have");
        if (check_account(claims.account, account) || account.main != claims.shop)
            return malformed("names an account that is none of its shop: " + claims.account);
    }
    if (claims.issued_at < 0 || claims.expires_at <= claims.issued_at) return malformed("ends before it begins");
    if (!claims.key.empty() && claims.key.size() != key_characters) return malformed("is bound to what is no public key");
    if (claims.messages_per_s > limits::token_rate_range.to || claims.connections > limits::connections_range.to)
        return malformed("has limits that are out of range");
    return std::nullopt;
}

void encode(std::string& out, const token_claims& claims) {
    writer to(out, payload_fields);
    to.text(claims.id);
    to.text(name(claims.grade));
    to.text(claims.shop);
    to.text(claims.account);
    to.integer(claims.issued_at);
    to.integer(claims.expires_at);
    to.text(claims.key);
    to.number(claims.messages_per_s);
    to.number(claims.connections);
}

std::variant<token_claims, failure> decode_token_claims(std::string_view payload) {
    tape objects;
    std::size_t end = 0;
    if (payload.empty() || objects.read(payload, end) != nullptr || end != payload.size())
        return malformed("holds no msgpack object, or more than one");
    const token& root = objects.root();
    if (root.type != token_type::array || root.size != payload_fields) return malformed("has other fields than it should");
    rejection why;
    field_list fields(&root + 1, root.size, why);
    token_claims claims;
    claims.id = fields.next().text("id", limits::id_bytes);
    claims.grade = fields.next().one_of<grade>(grade_of, "role");
    claims.shop = fields.next().text("shop", limits::shop_bytes);
    claims.account = fields.next().text("account", limits::account_bytes);
    claims.issued_at = fields.next().integer("issued_at");
    claims.expires_at = fields.next().integer("expires_at");
    claims.key = fields.next().text("key", key_characters);
    claims.messages_per_s = fields.next().number<std::uint32_t>("messages_per_s");
    claims.connections = fields.next().number<std::uint32_t>("connections");
    if (why.code != errc::ok) return malformed(std::string("has no good ") + why.what);
    if (auto wrong = check(claims)) return std::move(*wrong);
    return claims;
}

} // namespace fenliu::protocol
