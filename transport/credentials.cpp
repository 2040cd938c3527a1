#include "transport/credentials.hpp"

#include <string_view>

#include "protocol/account.hpp"
#include "transport/signed_token.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;
using protocol::role;

/// Compares in a time that tells nothing but the length.
bool same_token(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return false;
    unsigned different = 0;
    for (std::size_t index = 0; index < left.size(); ++index)
        different |= static_cast<unsigned>(left[index] ^ right[index]);
    return different == 0;
}

std::optional<failure> check_names(const protocol::hello& hello) {
    if (hello.role != role::agent) return hello.shop.empty() ? std::nullopt : protocol::check_shop(hello.shop);
    protocol::account_name name;
    if (auto fault = protocol::check_account(hello.account, name)) return fault;
    if (!hello.shop.empty() && hello.shop != name.main)
        return failure{errc::forbidden, "the account " + std::string(hello.account) + " belongs to the shop " +
                                            std::string(name.main) + "; leave hello's shop out or name that one"};
    return std::nullopt;
}

/// Why the grant does not cover the hello; nothing if it does.
std::optional<failure> refuse(const token_grant& grant, const protocol::hello& hello) {
    if (grant.role != hello.role)
        return failure{errc::forbidden, "this token is for the role " + std::string(protocol::name(grant.role))};
    const std::string_view shop = hello.role == role::agent ? protocol::shop_of(hello.account) : hello.shop;
    const bool no_shop_named = hello.role != role::agent && shop.empty();
    if (!grant.shop.empty() && !no_shop_named && shop != grant.shop)
        return failure{errc::forbidden, "this token is for the shop " + grant.shop};
    if (hello.role == role::agent && !grant.account.empty() && hello.account != grant.account)
        return failure{errc::forbidden, "this token is for the account " + grant.account};
    return std::nullopt;
}

identity make_identity(const protocol::hello& hello, std::string_view granted_shop) {
    identity who;
    who.role = hello.role;
    who.grade = protocol::grade_of(hello.role);
    who.device = hello.device;
    if (hello.role == role::agent) {
        who.account = hello.account;
        who.shop = protocol::shop_of(hello.account);
        who.robot = hello.robot;
    } else {
        who.shop = hello.shop.empty() ? granted_shop : hello.shop;
    }
    return who;
}

} // namespace

credentials::credentials(std::vector<token_grant> grants, const security_options& security)
    : grants_(std::move(grants))
    , issuer_(security.issuer_public)
    , insecure_(security.insecure) {
    for (const auto& each : security.revoked)
        revoked_.emplace(each.id, each.expires_at);
}

std::variant<identity, failure> credentials::identify(const protocol::hello& hello, const remote& from,
                                                      protocol::timestamp_ms now) const {
    if (auto fault = check_names(hello)) return std::move(*fault);
    if (!issuer_.empty() && is_signed_token(hello.token)) return identify_signed(hello, from, now);
    // A static token can be copied, and an empty one is no proof: that is for this machine.
    if (!from.near() && !in_clear(from)) return failure{errc::unauthenticated, "from another machine a signed token is needed"};
    return identify_static(hello);
}

std::variant<identity, failure> credentials::identify_static(const protocol::hello& hello) const {
    if (grants_.empty() && issuer_.empty()) return make_identity(hello, {});
    failure why{errc::unauthenticated, "the token is missing or not known"};
    for (const auto& grant : grants_) {
        if (!same_token(grant.token, hello.token)) continue;
        auto fault = refuse(grant, hello);
        if (!fault) return make_identity(hello, grant.shop);
        why = std::move(*fault);
    }
    return why;
}

std::variant<identity, failure> credentials::identify_signed(const protocol::hello& hello, const remote& from,
                                                             protocol::timestamp_ms now) const {
    auto verified = verify(hello.token, issuer_);
    if (auto* why = std::get_if<failure>(&verified)) return std::move(*why);
    const auto& claims = std::get<protocol::token_claims>(verified);
    if (claims.expires_at <= now) return failure{errc::unauthenticated, "the token has ended; get a new one"};
    if (revoked_.contains(claims.id)) return failure{errc::unauthenticated, "the token is revoked"};
    if (!claims.key.empty() && claims.key != from.key)
        return failure{errc::unauthenticated, "the token is bound to the key of another client"};
    if (claims.key.empty() && !from.near() && !in_clear(from))
        return failure{errc::unauthenticated, "from another machine a token has to be bound to the client's key"};
    const token_grant grant{{}, protocol::role_of(claims.grade), claims.shop, claims.account};
    if (auto fault = refuse(grant, hello)) return std::move(*fault);
    identity who = make_identity(hello, claims.shop);
    who.grade = claims.grade;
    who.token_id = claims.id;
    who.expires_at = claims.expires_at;
    who.messages_per_s = claims.messages_per_s;
    who.connections = claims.connections;
    return who;
}

bool credentials::in_clear(const remote& from) const noexcept { return insecure_ && from.key.empty(); }

void credentials::revoke(const revocation& each, protocol::timestamp_ms now) {
    std::erase_if(revoked_, [&](const auto& known) { return known.second != 0 && known.second <= now; });
    revoked_[each.token_id] = each.expires_at;
}

} // namespace fenliu::transport
