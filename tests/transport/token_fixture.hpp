// An issuer and its tokens, for tests of who gets in.
#pragma once

#include <string>

#include "transport/keys.hpp"
#include "transport/signed_token.hpp"

namespace fenliu::transport::testing {

struct issuer {
    key_pair keys = make_issuer_pair();

    [[nodiscard]] std::string token(const protocol::token_claims& claims) const { return sign(claims, keys.secret_key); }
    /// One that lasts to the end of time.
    [[nodiscard]] std::string token(protocol::grade grade, std::string shop = {}, std::string account = {}, std::string key = {},
                                    std::string id = "t-1") const {
        return token({.id = std::move(id),
                      .grade = grade,
                      .shop = std::move(shop),
                      .account = std::move(account),
                      .issued_at = 1'000,
                      .expires_at = 4'000'000'000'000,
                      .key = std::move(key)});
    }
};

} // namespace fenliu::transport::testing
