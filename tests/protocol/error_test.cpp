#include "protocol/error.hpp"

#include <set>

#include <gtest/gtest.h>

namespace fenliu::protocol {
namespace {

std::vector<errc> every_code() {
    std::vector<errc> codes;
    for (int number = 0; number <= static_cast<int>(errc::internal); ++number)
        codes.push_back(static_cast<errc>(number));
    return codes;
}

TEST(error_codes, stand_in_the_table_under_the_names_of_the_contract) {
    const std::vector<std::string_view> contract{
        "OK",        "MALFORMED",   "UNSUPPORTED_VERSION", "UNAUTHENTICATED", "FORBIDDEN",       "NOT_FOUND",    "REJECT_ACCOUNT",
        "ID_REUSED", "STALE_EPOCH", "SESSION_NOT_FOUND",   "SUPERSEDED",      "CREDIT_EXCEEDED", "RATE_LIMITED", "OVERLOADED",
        "TOO_LARGE", "EXPIRED",     "FORWARD_REJECTED",    "STORAGE_FAILED",  "WRONG_NODE",      "DRAINING",     "INTERNAL"};
    std::vector<std::string_view> names;
    for (const errc code : every_code())
        names.push_back(name(code));
    EXPECT_EQ(names, contract);
}

TEST(error_codes, are_found_by_their_names) {
    for (const errc code : every_code())
        EXPECT_EQ(errc_of(name(code)), code);
    EXPECT_FALSE(errc_of("stale_epoch"));
    EXPECT_FALSE(errc_of(""));
}

TEST(error_codes, each_has_a_sentence_of_its_own) {
    std::set<std::string_view> sentences;
    for (const errc code : every_code()) {
        EXPECT_TRUE(describe(code).ends_with('.')) << name(code);
        sentences.insert(describe(code));
    }
    EXPECT_EQ(sentences.size(), every_code().size());
}

TEST(error_codes, only_those_that_pass_by_themselves_are_retryable) {
    const std::set<errc> passing{errc::session_not_found, errc::credit_exceeded, errc::rate_limited, errc::overloaded,
                                 errc::storage_failed,    errc::wrong_node,      errc::draining};
    for (const errc code : every_code())
        EXPECT_EQ(retryable(code), passing.contains(code)) << name(code);
}

} // namespace
} // namespace fenliu::protocol
