#include <gtest/gtest.h>

#include "protocol/token_claims.hpp"

namespace fenliu::protocol {
namespace {

const std::string a_key(40, 'k');

token_claims full() {
    return {"0123456789abcdef0123456789abcdef", grade::senior, "acme", "acme:amy", 1'000, 2'000, a_key, 50, 3};
}
std::string encoded(const token_claims& claims) {
    std::string out;
    encode(out, claims);
    return out;
}
bool is_taken(const std::string& payload) { return std::holds_alternative<token_claims>(decode_token_claims(payload)); }

TEST(token_claims_, come_back_as_they_were) {
    const auto read = decode_token_claims(encoded(full()));
    ASSERT_TRUE(std::holds_alternative<token_claims>(read)) << std::get<failure>(read).text;
    const auto& claims = std::get<token_claims>(read);
    EXPECT_EQ(claims.id, full().id);
    EXPECT_EQ(claims.grade, grade::senior);
    EXPECT_EQ(claims.shop, "acme");
    EXPECT_EQ(claims.account, "acme:amy");
    EXPECT_EQ(claims.issued_at, 1'000);
    EXPECT_EQ(claims.expires_at, 2'000);
    EXPECT_EQ(claims.key, a_key);
    EXPECT_EQ(claims.messages_per_s, 50U);
    EXPECT_EQ(claims.connections, 3U);
}

TEST(token_claims_, are_exactly_one_array_of_exactly_the_fields) {
    const std::string whole = encoded(full());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(is_taken(whole.substr(0, size))) << size;
    EXPECT_FALSE(is_taken(whole + whole));
    EXPECT_FALSE(is_taken(whole + '\xc0'));
    std::string one_more = whole;
    one_more[0] = '\x9a';
    EXPECT_FALSE(is_taken(one_more + '\xc0'));
    std::string one_less = encoded({"a", grade::admin, "", "", 0, 1, "", 0, 0});
    one_less[0] = '\x98';
    one_less.pop_back();
    EXPECT_FALSE(is_taken(one_less));
    EXPECT_FALSE(is_taken("\x01"));
}

TEST(token_claims_, are_refused_with_any_field_out_of_its_bounds) {
    const auto with = [](auto change) {
        token_claims claims = full();
        change(claims);
        return check(claims).has_value();
    };
    EXPECT_FALSE(with([](auto&) {}));
    EXPECT_TRUE(with([](auto& c) { c.id.clear(); }));
    EXPECT_TRUE(with([](auto& c) { c.id = std::string(37, 'a'); }));
    EXPECT_TRUE(with([](auto& c) { c.id = "a b"; }));
    EXPECT_TRUE(with([](auto& c) { c.shop = "ac/me"; }));
    EXPECT_TRUE(with([](auto& c) { c.shop.clear(); })) << "an agent's token is for one shop";
    EXPECT_TRUE(with([](auto& c) { c.account = "other:amy"; }));
    EXPECT_TRUE(with([](auto& c) { c.grade = grade::admin; })) << "an admin has no account";
    EXPECT_TRUE(with([](auto& c) { c.expires_at = c.issued_at; }));
    EXPECT_TRUE(with([](auto& c) { c.key = "short"; }));
    EXPECT_TRUE(with([](auto& c) { c.messages_per_s = 1'000'001; }));
    EXPECT_TRUE(with([](auto& c) { c.connections = 1'000'001; }));
}

TEST(token_claims_, know_every_grade_by_its_name_and_its_role) {
    const std::pair<grade, role> all[] = {{grade::frontend, role::frontend},
                                          {grade::agent, role::agent},
                                          {grade::senior, role::agent},
                                          {grade::admin, role::admin},
                                          {grade::auditor, role::admin}};
    for (const auto& [each, of] : all) {
        EXPECT_EQ(grade_of(name(each)), each);
        EXPECT_EQ(role_of(each), of);
    }
    EXPECT_FALSE(grade_of("root"));
}

} // namespace
} // namespace fenliu::protocol
