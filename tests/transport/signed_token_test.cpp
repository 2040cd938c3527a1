#include <algorithm>

#include <gtest/gtest.h>

#include "token_fixture.hpp"

namespace fenliu::transport {
namespace {

using protocol::errc;
using protocol::grade;

const testing::issuer the_issuer;

errc code(const std::variant<protocol::token_claims, protocol::failure>& verified) {
    const auto* why = std::get_if<protocol::failure>(&verified);
    return why == nullptr ? errc::ok : why->code;
}
errc code(std::string_view token) { return code(verify(token, the_issuer.keys.public_key)); }

TEST(signed_token, is_taken_from_its_issuer_and_says_what_was_signed) {
    const auto verified = verify(the_issuer.token(grade::agent, "acme", "acme:amy"), the_issuer.keys.public_key);
    ASSERT_EQ(code(verified), errc::ok);
    EXPECT_EQ(std::get<protocol::token_claims>(verified).account, "acme:amy");
}

TEST(signed_token, has_the_same_bytes_each_time) {
    EXPECT_EQ(the_issuer.token(grade::admin), the_issuer.token(grade::admin));
    EXPECT_EQ(the_issuer.token(grade::admin).substr(0, 4), "fl1.");
}

TEST(signed_token, of_another_issuer_is_unknown) {
    const testing::issuer another;
    EXPECT_EQ(code(another.token(grade::admin)), errc::unauthenticated);
    EXPECT_EQ(code(verify(the_issuer.token(grade::admin), "")), errc::unauthenticated);
}

TEST(signed_token, with_any_bit_changed_or_any_character_gone_is_unknown) {
    const std::string token = the_issuer.token(grade::frontend, "acme");
    std::size_t tried = 0;
    for (std::size_t at = 0; at < token.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit, ++tried) {
            std::string changed = token;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
            EXPECT_EQ(code(changed), errc::unauthenticated) << at << " bit " << bit;
        }
        std::string shorter = token;
        shorter.erase(at, 1);
        // Equal neighbours: without either the rest is the same text, so one deletion stands for both; none may pass.
        EXPECT_EQ(code(shorter), errc::unauthenticated) << at;
    }
    EXPECT_EQ(tried, 8 * token.size());
}

TEST(signed_token, has_one_text_only) {
    const std::string token = the_issuer.token(grade::frontend, "acme");
    for (const std::string& other :
         {token + "=", token + " ", token + "\n", " " + token, token + ".", token + ".AAAA", "fl2" + token.substr(3),
          std::string("fl1."), std::string("fl1.."), std::string(), std::string(1'000'000, 'A')})
        EXPECT_EQ(code(other), errc::unauthenticated) << other.substr(0, 80);
    EXPECT_EQ(code("fl1." + std::string(2'000, 'A') + ".AAAA"), errc::unauthenticated);
}

} // namespace
} // namespace fenliu::transport
