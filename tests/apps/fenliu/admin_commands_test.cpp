// Commands that ask or change one thing, against a broker that answers as the test says.
#include <gtest/gtest.h>

#include "tests/apps/fenliu/scripted_broker.hpp"

namespace fenliu::apps::fenliu {
namespace {

constexpr std::int64_t at = 1'772'373'785'000; // 2026-03-01 14:03:05 UTC

class admin_commands : public testing::Test {
protected:
    /// Runs it and expects these words and this request, its last.
    void expect(const std::string& arguments, const std::string& text, const std::string& verb, const json& body) {
        const auto ended = broker_.run(arguments);
        EXPECT_EQ(ended.status, 0) << arguments;
        EXPECT_EQ(ended.text, text) << arguments;
        const auto asked = broker_.take_requests();
        ASSERT_FALSE(asked.empty()) << arguments;
        EXPECT_EQ(asked.back().verb, verb);
        EXPECT_EQ(asked.back().body, body) << arguments;
    }

    scripted_broker broker_;
};

TEST_F(admin_commands, assign_tells_the_new_owner) {
    broker_.on("assign", {{"conversation", "c1"}, {"owner", "demo:bob"}, {"epoch", 3}});
    const std::string told = "c1 is owned by demo:bob (epoch 3)\n";
    expect("assign c1 demo:bob", told, "assign", {{"conversation", "c1"}, {"to", "demo:bob"}});
    expect("assign c1 group:after --shop demo --note vip", told, "assign",
           {{"conversation", "c1"}, {"to", "group:after"}, {"shop", "demo"}, {"note", "vip"}});
    broker_.on("assign", [](const json&) { return scripted_broker::answer{{{"text", "it is closed"}}, "EXPIRED"}; });
    const auto refused = broker_.run("assign c1 demo:bob");
    EXPECT_EQ(refused.status, 1);
    EXPECT_EQ(refused.text, "fenliu: EXPIRED: it is closed\n");
}

TEST_F(admin_commands, agents_set_changes_what_is_named_and_shows_the_account) {
    const json row{{"account", "demo:amy"},
                   {"presence", "online"},
                   {"connected", true},
                   {"participating", false},
                   {"load", 1},
                   {"cap", 3},
                   {"received", 7},
                   {"credit", 0.5},
                   {"groups", {"after", "vip"}}};
    broker_.on("agent.set", row);
    const std::string told = "account   presence  connected  participating  load  cap  received  credit  groups\n"
                             "demo:amy  online    yes        no                1    3         7    0.50  after, vip\n";
    expect("agents set demo amy --cap 3 --participating no --groups after,vip", told, "agent.set",
           {{"shop", "demo"}, {"account", "demo:amy"}, {"cap", 3}, {"participating", false}, {"groups", {"after", "vip"}}});
    expect("agents set demo main --groups ''", told, "agent.set",
           {{"shop", "demo"}, {"account", "demo"}, {"groups", json::array()}});
    broker_.on("agents", {{"shop", "demo"}, {"agents", json::array({row})}, {"cursor", nullptr}});
    expect("agents demo", told, "agents", {{"shop", "demo"}});
}

TEST_F(admin_commands, buyer_shows_and_sets) {
    const json known{{"shop", "demo"},
                     {"buyer", "ann"},
                     {"member", true},
                     {"private", false},
                     {"dedicated", "demo:amy"},
                     {"tags", {"VIP"}},
                     {"crowds", {{{"id", "c1"}, {"since", at}}}},
                     {"recent", {{"account", "demo:bob"}, {"at", at}, {"by", "forward"}}},
                     {"conversations", 2},
                     {"conversation", nullptr},
                     {"owner", nullptr},
                     {"state", nullptr}};
    broker_.on("buyer.get", known);
    broker_.on("buyer.set", known);
    const std::string told = "fact            value\n"
                             "buyer           ann\n"
                             "shop            demo\n"
                             "member          yes\n"
                             "private         no\n"
                             "dedicated       demo:amy\n"
                             "tags            VIP\n"
                             "crowd           c1 since 2026-03-01 14:03:05\n"
                             "recent contact  demo:bob, 2026-03-01 14:03:05, by forward\n"
                             "conversations   2\nconversation\nowner\nstate\n";
    expect("buyer demo ann", told, "buyer.get", {{"shop", "demo"}, {"buyer", "ann"}});
    expect("buyer demo ann --member yes --private no --dedicated none --tags 'VIP,老客户'", told, "buyer.set",
           {{"shop", "demo"},
            {"buyer", "ann"},
            {"member", true},
            {"private", false},
            {"dedicated", ""},
            {"tags", {"VIP", "老客户"}}});
    expect("buyer demo ann --dedicated demo:amy --tags ''", told, "buyer.set",
           {{"shop", "demo"}, {"buyer", "ann"}, {"dedicated", "demo:amy"}, {"tags", json::array()}});
}

TEST_F(admin_commands, shop_tells_the_rating_and_the_next_one) {
    broker_.on(
        "shop.set",
        {{"shop", "demo"}, {"rating", "none"}, {"next_rating", "gold"}, {"next_from", at}, {"time_zone", "Asia/Shanghai"}});
    const std::string told = "demo: rating none; gold from 2026-03-01 14:03:05, midnight in Asia/Shanghai\n";
    expect("shop demo", told, "shop.set", {{"shop", "demo"}});
    expect("shop demo --rating gold", told, "shop.set", {{"shop", "demo"}, {"rating", "gold"}});
    broker_.on("shop.set", {{"shop", "demo"}, {"rating", "gold"}, {"next_rating", nullptr}, {"next_from", nullptr}});
    expect("shop demo --rating gold --now", "demo: rating gold\n", "shop.set",
           {{"shop", "demo"}, {"rating", "gold"}, {"now", true}});
}

TEST_F(admin_commands, audit_reads_pages_until_it_has_enough) {
    broker_.on("audit", [](const json& body) {
        const auto first = body.value("cursor", std::string("600"));
        json rows = json::array();
        const auto count = std::min<std::size_t>(body.value("limit", std::size_t{100}), 100);
        for (std::size_t n = std::stoul(first); rows.size() < count; --n)
            rows.push_back(
                {{"n", n}, {"at", at}, {"shop", "demo"}, {"by", "demo"}, {"verb", "shop.set"}, {"detail", "rating gold"}});
        const auto last = rows.back()["n"].get<std::size_t>();
        return scripted_broker::answer{{{"actions", rows}, {"cursor", std::to_string(last - 1)}}};
    });
    const auto text = broker_.run("audit demo --limit 270").text;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 271);
    EXPECT_NE(text.find("331  2026-03-01 14:03:05  demo  demo  shop.set  rating gold\n"), std::string::npos);
    EXPECT_EQ(broker_.take_requests().size(), 3U);
    broker_.on("audit", {{"actions", json::array()}, {"cursor", nullptr}});
    expect("audit", "nothing was changed by hand yet\n", "audit", {{"limit", 50}});
}

const json routed{{"conversation", "c1"},
                  {"at", at},
                  {"kind", "message"},
                  {"policy", 3},
                  {"outcome", "award"},
                  {"reason", "ASSIGNED_ANY"},
                  {"causes", {"OWNER_OFFLINE_REROUTE"}},
                  {"agent", "demo:amy"},
                  {"request", {{"owner", "demo:bob"}}},
                  {"agents", {{"ready", 1}, {"full", 1}}}};

TEST_F(admin_commands, explain_tells_every_decision_of_a_conversation) {
    const json told{{"conversation", "c1"},
                    {"shop", "demo"},
                    {"buyer", "ann"},
                    {"state", "closed"},
                    {"owner", "demo:amy"},
                    {"lines", 4},
                    {"opened_at", at},
                    {"closed_at", at + 60'000},
                    {"close_cause", "closed"},
                    {"places",
                     {{{"epoch", 1},
                       {"at", at},
                       {"state", "assigned"},
                       {"owner", "demo:amy"},
                       {"reason", "ASSIGNED_ANY"},
                       {"causes", {"OWNER_OFFLINE_REROUTE"}}}}},
                    {"decisions", json::array({routed})}};
    broker_.on("explain", told);
    expect("explain m1",
           "conversation c1 of ann with demo\n"
           "closed, owned by demo:amy, 4 lines, opened 2026-03-01 14:03:05, closed 2026-03-01 14:04:05 (closed)\n"
           "\n"
           "Routed 2026-03-01 14:03:05 by policy version 3: ASSIGNED_ANY to demo:amy - the best candidate in the whole shop.\n"
           "  Passed over: owner demo:bob of the open conversation was offline.\n"
           "  Asked: owner demo:bob.\n"
           "  Of 2 accounts 1 is ready, 1 full.\n"
           "\n"
           "epoch  at                   state     owner     reason        passed over because    by  note\n"
           "    1  2026-03-01 14:03:05  assigned  demo:amy  ASSIGNED_ANY  OWNER_OFFLINE_REROUTE\n",
           "explain", {{"id", "m1"}});
    EXPECT_EQ(json::parse(broker_.run("explain c1 --shop demo --full --json").text), told);
    EXPECT_EQ(broker_.take_requests().back().body, (json{{"id", "c1"}, {"shop", "demo"}, {"full", true}}));
    EXPECT_EQ(broker_.run("explain c1 --lang zh").text.find("买家 ann 与店铺 demo 的会话 c1\n"), 0U);
}

TEST_F(admin_commands, explain_says_when_the_log_no_longer_reaches_back) {
    broker_.on("explain", {{"conversation", "c1"}, {"full_text", "the log begins at record 900, after this decision"}});
    const auto text = broker_.run("explain c1 --full").text;
    EXPECT_NE(text.find("\nthe log begins at record 900, after this decision\n"), std::string::npos) << text;
}

TEST_F(admin_commands, explain_tells_why_a_buyer_waits) {
    broker_.on("explain.waiting", {{"conversation", "c1"},
                                   {"state", "queued"},
                                   {"class", 2},
                                   {"position", 3},
                                   {"waiting_since", at},
                                   {"waited_ms", 245'000},
                                   {"decision", nullptr},
                                   {"agents", {{"full", 2}, {"suspended", 1}}},
                                   {"policy", 3},
                                   {"eta_s", 120}});
    expect(
        "explain --waiting ann --shop demo",
        "ann waits in the line of demo since 2026-03-01 14:03:05 (4 min 5 s): place 3, class emergency, about 2 min 0 s to go.\n"
        "Of 3 accounts 1 is suspended, 2 full now.\n",
        "explain.waiting", {{"shop", "demo"}, {"buyer", "ann"}});
    EXPECT_EQ(broker_.run("explain --waiting ann --shop demo --lang zh").text,
              "ann 自 2026-03-01 14:03:05 起在 demo 排队（4 min 5 s）：第 3 位，紧急级，预计还需 2 min 0 s。\n"
              "目前共 3 个账号：挂起 1，满员 2。\n");
}

TEST_F(admin_commands, explain_tells_that_a_buyer_does_not_wait) {
    broker_.on("explain.waiting", {{"conversation", "c1"}, {"state", "assigned"}, {"waits", false}, {"owner", "demo:amy"}});
    expect("explain --waiting ann --shop demo", "ann doesn't wait: conversation c1 is assigned, owned by demo:amy.\n",
           "explain.waiting", {{"shop", "demo"}, {"buyer", "ann"}});
}

TEST_F(admin_commands, explain_tells_why_an_account_gets_nobody) {
    json told{{"account", "demo:amy"}, {"presence", "suspended"}, {"load", 2},          {"cap", 10},
              {"credit", 0.5},         {"failing", "suspended"},  {"rank", nullptr},    {"candidates", 2},
              {"next", "demo:bob"},    {"next_credit", 0.7},      {"groups", {"after"}}};
    told["decisions"] = json::array({routed});
    told["decisions"][0]["mine"] = "full";
    broker_.on("explain.agent", told);
    expect("explain --agent demo:amy",
           "demo:amy is suspended, load 2/10, credit 0.50, in groups after.\n"
           "It gets no new buyers: suspended.\n"
           "The next buyer goes to demo:bob (credit 0.70).\n"
           "\n"
           "at                   conversation  reason        went to   it was\n"
           "2026-03-01 14:03:05  c1            ASSIGNED_ANY  demo:amy  full\n",
           "explain.agent", {{"shop", "demo"}, {"account", "demo:amy"}});
    told["rank"] = 2;
    told.erase("decisions");
    broker_.on("explain.agent", told);
    EXPECT_EQ(broker_.run("explain --agent demo:amy").text,
              "demo:amy is suspended, load 2/10, credit 0.50, in groups after.\n"
              "It is number 2 of 2 candidates; the next buyer goes to demo:bob (credit 0.70).\n");
    told["rank"] = 1;
    broker_.on("explain.agent", told);
    EXPECT_NE(broker_.run("explain --agent demo:amy --lang zh").text.find("在 2 名候选中居首"), std::string::npos);
}

} // namespace
} // namespace fenliu::apps::fenliu
