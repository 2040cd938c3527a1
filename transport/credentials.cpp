#include "transport/credentials.hpp"

#include <string_view>

#include "protocol/account.hpp"

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

std::variant<identity, failure> credentials::identify(const protocol::hello& hello) const {
    if (auto fault = check_names(hello)) return std::move(*fault);
    if (grants_.empty()) return make_identity(hello, {});
    failure why{errc::unauthenticated, "the token is missing or not known"};
    for (const auto& grant : grants_) {
        if (!same_token(grant.token, hello.token)) continue;
        auto fault = refuse(grant, hello);
        if (!fault) return make_identity(hello, grant.shop);
        why = std::move(*fault);
    }
    return why;
}

} // namespace fenliu::transport
