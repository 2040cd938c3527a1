// `fenliu policy get`, `put`, `diff`, `history`, `rollback` and `test SHOP` against a broker that answers as the test says.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "apps/fenliu/text_parts.hpp"
#include "tests/apps/fenliu/scripted_broker.hpp"

namespace fenliu::apps::fenliu {
namespace {

class policy_versions : public testing::Test {
protected:
    policy_versions() {
        auto pattern = (std::filesystem::temp_directory_path() / "fenliu-policy-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        file_ = (directory_ / "p.toml").string();
    }
    ~policy_versions() override { std::filesystem::remove_all(directory_); }

    void write(const std::string& text) const { std::ofstream(file_) << text; }

    /// The broker has these texts; the last one is in force.
    void keep(const std::vector<std::string>& texts) {
        broker_.on("policy.get", [texts](const json& body) {
            const auto version = body.value("version", texts.size());
            if (version == 0 || version > texts.size())
                return scripted_broker::answer{{{"text", "shop demo has no version " + std::to_string(version)}}, "NOT_FOUND"};
            const auto parts = text_parts(texts[version - 1]);
            return scripted_broker::answer{{{"shop", "demo"},
                                            {"version", version},
                                            {"at", 1'772'373'785'000},
                                            {"by", "demo"},
                                            {"note", nullptr},
                                            {"current", version == texts.size()},
                                            {"source", "put"},
                                            {"text", parts[body["part"].get<std::size_t>() - 1]},
                                            {"part", body["part"]},
                                            {"parts", parts.size()}}};
        });
        json versions = json::array();
        for (auto version = texts.size(); version > 0; --version)
            versions.push_back({{"version", version},
                                {"at", 1'772'373'785'000},
                                {"by", "demo"},
                                {"source", "put"},
                                {"bytes", texts[version - 1].size()},
                                {"current", version == texts.size()},
                                {"note", "为什么"}});
        broker_.on("policy.history", {{"shop", "demo"}, {"versions", versions}, {"cursor", nullptr}});
    }
    /// Puts what it is sent together and answers the last part with this.
    void take_puts(const json& last) {
        broker_.on("policy.put", [this, last](const json& body) {
            put_ += body["text"].get<std::string>();
            const bool done = body["part"] == body["parts"];
            return scripted_broker::answer{done ? last : json{{"part", body["part"]}, {"parts", body["parts"]}}};
        });
    }

    std::filesystem::path directory_;
    std::string file_, put_;
    scripted_broker broker_;
};

/// A policy of several parts whose characters lie across their borders.
std::string long_policy() {
    std::string text = "shop = \"demo\"\n[robot]\nhandoff_words = [\n";
    for (int number = 1'000; number < 3'000; ++number)
        text += "  \"转人工服务" + std::to_string(number) + "\",\n";
    return text + "]\n";
}

TEST_F(policy_versions, get_prints_the_text_and_nothing_else) {
    const auto text = long_policy();
    keep({"shop = \"demo\"\n", text});
    const auto ended = broker_.run("policy get demo");
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.text, text);
    const auto asked = broker_.take_requests();
    ASSERT_GE(asked.size(), 3U);
    EXPECT_FALSE(asked[0].body.contains("version"));
    EXPECT_EQ(asked[1].body, (json{{"shop", "demo"}, {"part", 2}, {"version", 2}})) << "all parts are of one version";
    EXPECT_EQ(broker_.run("policy get demo --version 1").text, "shop = \"demo\"\n");
    const auto told = json::parse(broker_.run("policy get demo --json --version 1").text);
    EXPECT_EQ(told["text"], "shop = \"demo\"\n");
    EXPECT_EQ(told["version"], 1);
    EXPECT_FALSE(told.contains("parts"));
    EXPECT_EQ(broker_.run("policy get demo --version 7").text, "fenliu: NOT_FOUND: shop demo has no version 7\n");
}

TEST_F(policy_versions, put_sends_the_text_in_parts_and_tells_the_version_and_warnings) {
    take_puts({{"findings", {{{"line", 3}, {"column", 5}, {"severity", "warning"}, {"text", "adds nothing"}}}}, {"version", 5}});
    write(long_policy());
    const auto ended = broker_.run("policy put demo " + file_ + " --note 'more words' --base 4");
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.text, file_ + ":3:5: warning: adds nothing\nversion 5 of demo is in force\n");
    const auto asked = broker_.take_requests(); // from here on the broker's thread is done with what was put
    EXPECT_EQ(put_, long_policy());
    EXPECT_GE(asked.size(), 3U);
    for (const auto& each : asked) {
        EXPECT_EQ(each.body["parts"], asked.size());
        EXPECT_EQ(each.body["base"], 4);
        EXPECT_EQ(each.body["note"], "more words");
    }
}

TEST_F(policy_versions, put_reads_stdin_and_tells_json) {
    take_puts({{"findings", json::array()}, {"version", 2}});
    write("shop = \"demo\"\n");
    EXPECT_EQ(broker_.run("policy put demo - --json", file_).text, "{\"shop\":\"demo\",\"version\":2,\"findings\":[]}\n");
    EXPECT_EQ(broker_.take_requests().size(), 1U);
    EXPECT_EQ(put_, "shop = \"demo\"\n");
}

TEST_F(policy_versions, a_file_with_errors_never_leaves_this_machine) {
    write("shop = \"demo\"\nmodee = \"auto\"\n");
    const auto ended = broker_.run("policy put demo " + file_);
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.text, file_ + ":2:1: unknown key \"modee\" in the file, did you mean \"mode\"?\nfenliu: " + file_ +
                              " has errors; nothing was put\n");
    write("shop = \"demo\"\n");
    EXPECT_EQ(broker_.run("policy put tea " + file_).text, "fenliu: " + file_ + " is the policy of shop demo, not tea\n");
    EXPECT_TRUE(broker_.take_requests().empty());
}

TEST_F(policy_versions, what_the_broker_finds_is_told_with_its_place) {
    write("shop = \"demo\"\n");
    broker_.on("policy.put", [](const json&) {
        return scripted_broker::answer{
            {{"text", "the policy has errors"},
             {"findings", {{{"line", 1}, {"column", 8}, {"severity", "error"}, {"text", "no account demo:eve"}}}}},
            "MALFORMED"};
    });
    const auto ended = broker_.run("policy put demo " + file_);
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.text, file_ + ":1:8: no account demo:eve\nfenliu: MALFORMED: the policy has errors\n");
    broker_.on("policy.put", [](const json&) {
        return scripted_broker::answer{{{"text", "version 6 is in force"}}, "STALE_EPOCH"};
    });
    EXPECT_EQ(broker_.run("policy put demo " + file_ + " --base 5").text, "fenliu: STALE_EPOCH: version 6 is in force\n");
}

TEST_F(policy_versions, diff_compares_versions_and_files) {
    const std::string first = "shop = \"demo\"\n", second = "shop = \"demo\"\nmode = \"manual\"\n",
                      third = "shop = \"demo\"\nmode = \"auto\"\n";
    keep({first, second, third});
    const auto name = [](int version) { return "demo version " + std::to_string(version) + "\t2026-03-01 14:03:05 by demo\n"; };
    const std::string changed = "@@ -1,2 +1,2 @@\n shop = \"demo\"\n-mode = \"manual\"\n+mode = \"auto\"\n";
    EXPECT_EQ(broker_.run("policy diff demo").text, "--- " + name(2) + "+++ " + name(3) + changed);
    EXPECT_EQ(broker_.run("policy diff demo 2").text, "--- " + name(2) + "+++ " + name(3) + changed);
    EXPECT_EQ(broker_.run("policy diff demo 1 2").text,
              "--- " + name(1) + "+++ " + name(2) + "@@ -1 +1,2 @@\n shop = \"demo\"\n+mode = \"manual\"\n");
    write(second);
    EXPECT_EQ(broker_.run("policy diff demo " + file_).text,
              "--- " + name(3) + "+++ " + file_ + "\n@@ -1,2 +1,2 @@\n shop = \"demo\"\n-mode = \"auto\"\n+mode = \"manual\"\n");
    EXPECT_EQ(broker_.run("policy diff demo 2 " + file_).text, "no difference\n");
    EXPECT_EQ(broker_.run("policy diff demo 3 --quiet").text, "");
    keep({first});
    const auto ended = broker_.run("policy diff demo");
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.text, "fenliu: the policy of demo has one version only; compare it with a file\n");
}

TEST_F(policy_versions, history_is_a_table_newest_first) {
    keep({"a", "bc"});
    EXPECT_EQ(broker_.run("policy history demo").text, "version  in force  at                   by    source  bytes  note\n"
                                                       "      2  yes       2026-03-01 14:03:05  demo  put         2  为什么\n"
                                                       "      1            2026-03-01 14:03:05  demo  put         1  为什么\n");
    EXPECT_EQ(broker_.take_requests().back().body, (json{{"shop", "demo"}, {"limit", 20}}));
}

TEST_F(policy_versions, rollback_names_the_version_it_made) {
    broker_.on("policy.rollback", {{"shop", "demo"}, {"version", 9}});
    EXPECT_EQ(broker_.run("policy rollback demo 4 --note 'too bold'").text,
              "version 9 of demo is in force, with the text of version 4\n");
    EXPECT_EQ(broker_.take_requests().back().body, (json{{"shop", "demo"}, {"version", 4}, {"note", "too bold"}}));
}

TEST_F(policy_versions, test_asks_about_a_message_that_nobody_sent) {
    broker_.on(
        "policy.test",
        {{"decision", {{"kind", "test"}, {"policy", 3}, {"outcome", "award"}, {"reason", "DEDICATED"}, {"agent", "demo:amy"}}},
         {"verdicts", {{{"account", "demo:amy"}, {"failing", "none"}, {"presence", "online"}, {"load", 0}, {"cap", 3}}}}});
    const auto told =
        broker_.run("policy test demo --text 退款 --buyer ann --to demo:amy --entry lit_icon --group g --product p1 "
                    "--order-state paid --tag VIP --tag new --crowd c1 --at 2026-03-01T14:00:00+08:00");
    EXPECT_EQ(told.status, 0);
    EXPECT_EQ(told.text,
              "Tried, without any effect, by policy version 3: DEDICATED to demo:amy - the dedicated agent of this buyer.\n");
    EXPECT_EQ(broker_.take_requests().back().body, (json{{"shop", "demo"},
                                                         {"buyer", "ann"},
                                                         {"text", "退款"},
                                                         {"to", "demo:amy"},
                                                         {"entry", "lit_icon"},
                                                         {"group", "g"},
                                                         {"product", "p1"},
                                                         {"order_state", "paid"},
                                                         {"tags", {"VIP", "new"}},
                                                         {"crowds", {"c1"}},
                                                         {"at", 1'772'344'800'000}}));
    const auto full = broker_.run("policy test demo --full --lang zh").text;
    EXPECT_NE(full.find("专属客服"), std::string::npos) << full;
    EXPECT_NE(full.find("demo:amy  候选"), std::string::npos) << full;
    EXPECT_TRUE(json::parse(broker_.run("policy test demo --json").text).contains("verdicts"));
}

} // namespace
} // namespace fenliu::apps::fenliu
