#include <gtest/gtest.h>

#include "actors/revoked_tokens.hpp"
#include "protocol/limits.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;

class the_revoked_tokens : public ::testing::Test {
protected:
    errc revoke(const json& body) {
        const auto asked = tokens.revoke(body, "admin");
        const auto* wrong = std::get_if<admin_answer>(&asked);
        return wrong == nullptr ? errc::ok : wrong->code;
    }
    std::vector<std::string> listed(const json& body = json::object()) {
        std::vector<std::string> ids;
        const auto answer = tokens.list(body);
        for (const auto& each : answer.body["revoked"])
            ids.push_back(each["id"]);
        return ids;
    }

    routing::timestamp_ms now = 1'000;
    revoked_tokens tokens{{{"old", 1, "admin", 2'000}}, [this] { return now; }};
};

TEST_F(the_revoked_tokens, are_those_the_store_knew_and_those_that_came) {
    EXPECT_EQ(revoke({{"id", "new"}, {"expires_at", 5'000U}}), errc::ok);
    EXPECT_EQ(revoke({{"id", "for-ever"}}), errc::ok);
    EXPECT_EQ(listed(), (std::vector<std::string>{"for-ever", "new", "old"}));
    EXPECT_EQ(revoke({{"id", "new"}}), errc::ok) << "again is no mistake";
    EXPECT_EQ(listed().size(), 3U);
}

TEST_F(the_revoked_tokens, are_forgotten_when_they_end_anyway) {
    now = 2'000;
    EXPECT_TRUE(listed().empty());
}

TEST_F(the_revoked_tokens, need_an_id_and_a_time_that_is_one) {
    for (const json& body : {json::object(), json{{"id", ""}}, json{{"id", 5}}, json{{"id", std::string(37, 'x')}},
                             json{{"id", "a"}, {"expires_at", "soon"}}, json{{"id", "a"}, {"expires_at", -1}},
                             json{{"id", "a"}, {"note", std::string(600, 'x')}}})
        EXPECT_EQ(revoke(body), errc::malformed) << body.dump();
    EXPECT_EQ(listed().size(), 1U);
}

TEST_F(the_revoked_tokens, need_an_end_that_is_still_to_come) {
    for (const auto past : {1U, 999U, 1'000U}) {
        const auto asked = tokens.revoke({{"id", "new"}, {"expires_at", past}}, "admin");
        const auto* wrong = std::get_if<admin_answer>(&asked);
        ASSERT_NE(wrong, nullptr) << past;
        EXPECT_NE(wrong->body["text"].get<std::string>().find("in ms since 1970"), std::string::npos);
    }
    EXPECT_EQ(listed(), std::vector<std::string>{"old"});
    EXPECT_EQ(revoke({{"id", "new"}, {"expires_at", 1'001U}}), errc::ok);
    EXPECT_EQ(revoke({{"id", "endless"}, {"expires_at", 0U}}), errc::ok);
}

TEST_F(the_revoked_tokens, keep_the_later_end_when_they_are_revoked_again) {
    const auto end_after = [&](std::uint64_t end) {
        return std::get<storage::revoked_token>(tokens.revoke({{"id", "new"}, {"expires_at", end}}, "admin")).expires_at;
    };
    EXPECT_EQ(end_after(5'000), 5'000);
    EXPECT_EQ(end_after(4'000), 5'000);
    EXPECT_EQ(end_after(6'000), 6'000);
    EXPECT_EQ(end_after(0), 0) << "never is the latest";
    EXPECT_EQ(end_after(7'000), 0);
}

TEST_F(the_revoked_tokens, come_in_pages) {
    for (int each = 0; each < 7; ++each)
        ASSERT_EQ(revoke({{"id", "t" + std::to_string(each)}}), errc::ok);
    std::size_t rows = 0, pages = 0;
    json body{{"limit", 3U}};
    for (;; ++pages) {
        const auto page = tokens.list(body).body;
        rows += page["revoked"].size();
        if (page["cursor"].is_null()) break;
        body["cursor"] = page["cursor"];
    }
    EXPECT_EQ(rows, 8U);
    EXPECT_EQ(pages, 2U);
}

TEST_F(the_revoked_tokens, have_a_bound) {
    for (std::size_t each = 1; each < limits::revoked_tokens; ++each)
        ASSERT_EQ(revoke({{"id", "t" + std::to_string(each)}}), errc::ok);
    EXPECT_EQ(revoke({{"id", "one-more"}}), errc::overloaded);
    EXPECT_EQ(revoke({{"id", "t5"}}), errc::ok) << "it is there already";
    now = 3'000;
    EXPECT_EQ(revoke({{"id", "one-more"}}), errc::ok) << "old has ended";
}

} // namespace
} // namespace fenliu::actors
