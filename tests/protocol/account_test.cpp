#include "protocol/account.hpp"

#include <gtest/gtest.h>

namespace fenliu::protocol {
namespace {

using namespace std::string_literals;

std::string repeated(std::string_view part, int times) {
    std::string text;
    for (int count = 0; count < times; ++count)
        text += part;
    return text;
}

/// The text of the failure, empty if the account is good.
std::string fault(std::string_view name) {
    account_name out;
    const auto failed = check_account(name, out);
    if (!failed) return {};
    EXPECT_EQ(failed->code, errc::reject_account);
    return failed->text;
}

TEST(account, a_main_account_has_no_sub) {
    account_name out;
    ASSERT_FALSE(check_account("acme", out));
    EXPECT_EQ(out.main, "acme");
    EXPECT_TRUE(out.sub.empty());
}

TEST(account, a_sub_account_is_split_at_the_colon) {
    account_name out;
    ASSERT_FALSE(check_account("旗舰店:小美", out));
    EXPECT_EQ(out.main, "旗舰店");
    EXPECT_EQ(out.sub, "小美");
}

TEST(account, a_refused_name_leaves_the_result_as_it_was) {
    account_name out{"main", "sub"};
    ASSERT_TRUE(check_account("acme:", out));
    EXPECT_EQ(out.main, "main");
    EXPECT_EQ(out.sub, "sub");
}

TEST(account, a_full_width_colon_is_named_and_the_half_width_one_is_asked_for) {
    EXPECT_EQ(fault("acme：amy"), "account: the main part holds a full-width colon; write the half-width one, main:sub");
    EXPECT_EQ(fault("acme:a：b"), "account: the sub part holds a full-width colon; write the half-width one, main:sub");
}

TEST(account, an_empty_half_is_refused) {
    EXPECT_EQ(fault(""), "account: the main part is empty");
    EXPECT_EQ(fault(":amy"), "account: the main part is empty");
    EXPECT_EQ(fault("acme:"), "account: the sub part is empty");
}

TEST(account, a_second_colon_is_refused) { EXPECT_NE(fault("acme:a:b"), ""); }

TEST(account, a_sub_has_30_units_where_a_chinese_character_counts_2) {
    EXPECT_EQ(fault("acme:" + repeated("a", 30)), "");
    EXPECT_NE(fault("acme:" + repeated("a", 31)), "");
    EXPECT_EQ(fault("acme:" + repeated("美", 15)), "");
    EXPECT_NE(fault("acme:" + repeated("美", 15) + "a"), "");
    EXPECT_EQ(fault("acme:" + repeated("美", 14) + "ab"), "");
    EXPECT_NE(fault("acme:" + repeated("美", 14) + "abc"), "");
}

TEST(account, a_sub_of_digits_only_is_refused) {
    EXPECT_EQ(fault("acme:12345"), "account: the sub part is all digits; add a letter");
    EXPECT_EQ(fault("acme:12345a"), "");
    EXPECT_EQ(fault("acme:客服5"), "");
}

TEST(account, a_main_of_digits_only_is_a_name) { EXPECT_EQ(fault("12345"), ""); }

TEST(account, a_main_part_has_64_bytes_like_a_shop) {
    EXPECT_EQ(fault(repeated("a", 64)), "");
    EXPECT_NE(fault(repeated("a", 65)), "");
    EXPECT_EQ(fault(repeated("店", 21)), "");
    EXPECT_NE(fault(repeated("店", 22)), "");
}

TEST(account, blanks_controls_and_slashes_are_refused_in_both_halves) {
    for (const std::string& bad :
         {" "s, "\t"s, "\n"s, "\0"s, "\x7f"s, "\u0085"s, "\u00a0"s, "\u200b"s, "\u202e"s, "\u3000"s, "\ufeff"s, "/"s}) {
        EXPECT_NE(fault("ac" + bad + "me"), "") << bad;
        EXPECT_NE(fault("acme:a" + bad + "b"), "") << bad;
    }
}

TEST(account, bytes_that_are_not_utf8_are_refused) {
    EXPECT_EQ(fault("ac\xffme"), "account: the main part is not UTF-8");
    EXPECT_EQ(fault("acme:a\xc0\xaf"), "account: the sub part is not UTF-8");
}

TEST(account, the_shop_is_what_stands_before_the_colon) {
    EXPECT_EQ(shop_of("acme:amy"), "acme");
    EXPECT_EQ(shop_of("acme"), "acme");
    EXPECT_TRUE(is_main("acme"));
    EXPECT_FALSE(is_main("acme:amy"));
}

TEST(shop, its_id_is_the_name_of_a_main_account) {
    EXPECT_FALSE(check_shop("acme"));
    EXPECT_FALSE(check_shop("旗舰店"));
    EXPECT_FALSE(check_shop(repeated("s", 64)));
    for (const std::string& bad : {""s, repeated("s", 65), "a:b"s, "a/b"s, "a b"s, "a：b"s, "a\nb"s, "a\xff"s}) {
        const auto failed = check_shop(bad);
        ASSERT_TRUE(failed) << bad;
        EXPECT_EQ(failed->code, errc::malformed);
    }
}

TEST(buyer, its_id_has_1_to_64_bytes_without_controls) {
    EXPECT_FALSE(check_buyer("买家 1/2:3"));
    EXPECT_FALSE(check_buyer(repeated("b", 64)));
    for (const std::string& bad : {""s, repeated("b", 65), "a\nb"s, "a\u0085"s, "\xff"s}) {
        const auto failed = check_buyer(bad);
        ASSERT_TRUE(failed) << bad;
        EXPECT_EQ(failed->code, errc::malformed);
    }
}

} // namespace
} // namespace fenliu::protocol
