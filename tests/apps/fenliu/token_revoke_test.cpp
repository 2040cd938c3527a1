// `fenliu token revoke` with and without a ledger, against a broker that answers as the test says.
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/apps/fenliu/scripted_broker.hpp"

namespace fenliu::apps::fenliu {
namespace {

class token_revoke : public testing::Test {
protected:
    token_revoke() {
        auto pattern = (std::filesystem::temp_directory_path() / "fenliu-revoke-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        broker_.on("token.revoke", {{"id", "t-1"}});
    }
    ~token_revoke() override { std::filesystem::remove_all(directory_); }

    void keep(const std::string& ledger) const { std::ofstream(directory_ / "issuer.ledger") << ledger; }

    [[nodiscard]] outcome run(const std::string& more = {}) {
        return broker_.run("token revoke t-1 --issuer-key " + (directory_ / "issuer.key").string() + more);
    }
    /// Expects that the broker was asked just this.
    void expect_asked(const json& body) {
        const auto asked = broker_.take_requests();
        ASSERT_EQ(asked.size(), 1U);
        EXPECT_EQ(asked.front().body, body);
    }

    scripted_broker broker_;
    std::filesystem::path directory_;
};

TEST_F(token_revoke, a_listed_token_is_revoked_with_its_end) {
    keep("{\"id\": \"t-1\", \"expires_at\": 5}\n");
    EXPECT_EQ(run().text, "revoked: t-1; its sessions have ended\n");
    expect_asked({{"id", "t-1"}, {"expires_at", 5}});
    EXPECT_EQ(run(" --lang zh").text, "已吊销：t-1，其会话均已结束\n");
}

TEST_F(token_revoke, without_a_ledger_it_is_revoked) {
    EXPECT_EQ(run().status, 0);
    expect_asked({{"id", "t-1"}});
}

TEST_F(token_revoke, what_the_ledger_lacks_is_refused_unless_that_is_meant) {
    keep("{\"id\": \"t-2\", \"expires_at\": 5}\n");
    const auto refused = run();
    EXPECT_EQ(refused.status, 2);
    EXPECT_NE(refused.text.find("issuer.ledger lists no token t-1"), std::string::npos) << refused.text;
    EXPECT_NE(run(" --lang zh").text.find("未吊销"), std::string::npos);
    EXPECT_TRUE(broker_.take_requests().empty());
    EXPECT_EQ(run(" --unlisted").status, 0);
    expect_asked({{"id", "t-1"}});
}

TEST_F(token_revoke, a_ledger_that_cannot_be_read_is_told_and_does_not_stop_it) {
    keep("{\"id\": \"t-1\", \"expi");
    const auto ended = run();
    EXPECT_EQ(ended.status, 0);
    EXPECT_NE(ended.text.find("issuer.ledger:1: is no line of a ledger"), std::string::npos) << ended.text;
    expect_asked({{"id", "t-1"}});
    std::filesystem::remove(directory_ / "issuer.ledger");
    std::filesystem::create_directory(directory_ / "issuer.ledger");
    const auto beside = run(" --lang zh");
    EXPECT_EQ(beside.status, 0);
    EXPECT_NE(beside.text.find("无法读取台账"), std::string::npos) << beside.text;
    expect_asked({{"id", "t-1"}});
}

} // namespace
} // namespace fenliu::apps::fenliu
