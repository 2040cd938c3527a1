// Traces of decisions: that they are written, small, and give the same outcome when they are evaluated again (invariant 29).
#include <random>

#include "actors/admin_verbs.hpp"
#include "actors/dispatcher.hpp"
#include "actors/explanation.hpp"
#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class explain : public lane_world {
protected:
    explain() {
        defaults.default_cap = 2;
        language.write = [](std::string_view, const routing::policy&) { return std::string{"as configured"}; };
        language.read = [this](std::string_view, std::string_view text) {
            if (text == "broken") return actors::policy_language::reading{nullptr, {{3, 7, true, "unknown key"}}};
            return actors::policy_language::reading{std::make_shared<const routing::compiled_policy>(policy_of(text)), {}};
        };
    }
    /// What the texts of this test mean.
    [[nodiscard]] routing::policy policy_of(std::string_view text) const {
        routing::policy made = defaults;
        if (text != "as configured") made.default_cap = 1;
        if (text == "queue off") made.queue_enabled = false;
        return made;
    }
    [[nodiscard]] std::vector<routing::decision_made> decisions() {
        std::vector<routing::decision_made> found;
        store->visit([&](const routing::record& record, std::uint64_t) {
            if (const auto* made = std::get_if<routing::decision_made>(&record)) found.push_back(*made);
        });
        return found;
    }
    json in_full(routing::conversation_number number) {
        json found;
        actors::explain_in_full(*store, language, "acme", number, [&](json answer) { found = std::move(answer); });
        return found;
    }
    json ask(const std::string& verb, json body, const std::string& account = {}) {
        const auto link = frontend();
        body["shop"] = "acme";
        body = json::from_msgpack(json::to_msgpack(body)); // as it comes over the wire
        in_lane([&](actors::lane& host) {
            const actors::admin_call call{link, 1, "r1", verb, "acme", account, body};
            if (const auto found = actors::answer_in_lane(host, call)) actors::reply(host, call, *found);
        });
        const auto given = one<admin_reply>(link);
        json out = json::from_msgpack(given.body.begin(), given.body.end());
        out["code"] = given.code;
        return out;
    }
};

TEST_F(explain, an_assignment_names_the_policy_the_line_and_the_best_candidates) {
    start();
    (void)agent("acme:amy");
    (void)agent("acme:bob");
    publish(frontend(), "alice", "hello", {.msg_id = "m-1"});
    ASSERT_EQ(decisions().size(), 1U);
    const auto made = actors::describe(decisions()[0]);
    EXPECT_EQ(made["reason"], "ASSIGNED_ANY");
    EXPECT_EQ(made["policy"], 1);
    EXPECT_EQ(made["seq"], 1);
    EXPECT_EQ(made["agent"], "acme:amy");
    ASSERT_EQ(made["candidates"].size(), 2U);
    EXPECT_EQ(made["candidates"][0]["account"], "acme:amy");
    EXPECT_EQ(made["agents"]["ready"], 2);
    EXPECT_EQ(made["agents"]["offline"], 1) << "main";
}

TEST_F(explain, a_trace_is_small_and_an_open_session_needs_none) {
    start();
    (void)agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    publish(shopfront, "alice", "are you there?");
    ASSERT_EQ(decisions().size(), 1U);
    std::string payload;
    storage::encode(payload, decisions()[0]);
    EXPECT_LT(payload.size(), 512U);
}

TEST_F(explain, a_decision_in_full_tells_what_every_account_failed_at) {
    start();
    const auto amy = agent("acme:amy");
    (void)agent("acme:bob");
    presence(amy, presence::suspended);
    publish(frontend(), "alice", "hello");
    const auto full = in_full(decisions()[0].number);
    ASSERT_EQ(full.size(), 1U);
    EXPECT_TRUE(full[0]["same_outcome"]);
    std::map<std::string, std::string> failing;
    for (const auto& each : full[0]["verdicts"])
        failing[each["account"]] = each["failing"];
    EXPECT_EQ(failing,
              (std::map<std::string, std::string>{{"acme", "offline"}, {"acme:amy", "suspended"}, {"acme:bob", "candidate"}}));
}

/// A day of a shop with everything that changes a roster: every trace, evaluated again, has to decide the same.
class evaluation : public explain, public testing::WithParamInterface<unsigned> {};

TEST_P(evaluation, of_every_trace_again_gives_the_same_outcome) {
    std::mt19937 random{GetParam()};
    const auto dice = [&](unsigned sides) { return random() % sides; };
    routing::group after;
    after.id = "after";
    after.members = {"acme:a0", "acme:a1", "acme:a2"};
    after.keywords = {"invoice"};
    after.strategy = static_cast<routing::pick_strategy>(GetParam() % 4);
    defaults.groups = {after};
    defaults.overwork_percent = 50;
    defaults.repeat_entry_min = 5;
    if (GetParam() % 3 == 0) defaults.robot = routing::robot_mode::ratio;
    defaults.robot_share = 0.3;
    for (unsigned i = 0; i < 6; ++i)
        defaults.agents.push_back({"acme:a" + std::to_string(i), i == 3 ? 2.5 : 1.0, {}});
    start();
    std::vector<link_id> agents;
    for (unsigned i = 0; i < 6; ++i)
        agents.push_back(agent("acme:a" + std::to_string(i)));
    auto shopfront = frontend();
    for (unsigned step = 0; step < 400; ++step) {
        const auto account = dice(6);
        const auto buyer = "buyer" + std::to_string(dice(40));
        switch (dice(8)) {
        case 0:
            presence(agents[account],
                     std::array{presence::online, presence::suspended, presence::invisible, presence::offline}[dice(4)]);
            break;
        case 1:
            deliver({transport::link_lost{agents[account]}});
            if (dice(2) == 0) deliver({transport::link_resumed{agents[account]}});
            break;
        case 2:
            send(shopfront, buyer_left{"acme", buyer, "left"});
            break;
        case 3:
            pass(seconds{dice(200)});
            break;
        case 4:
            if (dice(20) == 0) (void)ask("policy.put", {{"text", dice(2) == 0 ? "queue off" : "as configured"}});
            (void)ask("agent.set", {{"account", "acme:a" + std::to_string(account)}, {"cap", dice(4)}});
            break;
        default:
            publish(shopfront, buyer, dice(3) == 0 ? "the invoice please" : "hello");
        }
        if (step == 200) {
            restart();
            for (unsigned i = 0; i < 6; ++i)
                agents[i] = agent("acme:a" + std::to_string(i));
            shopfront = frontend();
        }
    }
    std::set<routing::conversation_number> numbers;
    for (const auto& each : decisions())
        numbers.insert(each.number);
    std::size_t evaluated = 0;
    for (const auto number : numbers)
        for (const auto& each : in_full(number)) {
            ASSERT_TRUE(each.contains("same_outcome")) << each.dump(2);
            EXPECT_TRUE(each["same_outcome"]) << each.dump(2);
            ++evaluated;
        }
    EXPECT_GT(evaluated, 60U);
}

INSTANTIATE_TEST_SUITE_P(seeds, evaluation, testing::Range(1U, 13U));

TEST_F(explain, a_policy_is_put_between_two_messages_and_gone_back_from) {
    start();
    (void)agent("acme:amy");
    publish(frontend(), "alice", "hello");
    EXPECT_EQ(ask("policy.get", {})["text"], "as configured");
    const auto put = ask("policy.put", {{"text", "queue off"}, {"note", "no line today"}, {"base", 1}});
    EXPECT_EQ(put["code"], "OK") << put.dump();
    EXPECT_EQ(put["version"], 2);
    EXPECT_EQ(ask("policy.put", {{"text", "queue off"}, {"base", 1}})["code"], "STALE_EPOCH");
    const auto broken = ask("policy.put", {{"text", "broken"}});
    EXPECT_EQ(broken["code"], "MALFORMED");
    EXPECT_EQ(broken["findings"][0]["line"], 3);
    EXPECT_EQ(ask("policy.get", {{"version", 1}})["text"], "as configured");
    EXPECT_EQ(ask("policy.rollback", {{"version", 1}})["version"], 3);
    const auto history = ask("policy.history", {})["versions"];
    ASSERT_EQ(history.size(), 3U);
    EXPECT_EQ(history[0]["source"], "rollback");
    EXPECT_EQ(history[1]["note"], "no line today");
    EXPECT_EQ(store->count_of<routing::admin_acted>(), 2U) << "one for each that took effect";
    restart();
    EXPECT_EQ(ask("policy.get", {})["version"], 3) << "configuration says nothing new";
}

TEST_F(explain, a_policy_comes_in_parts_and_in_order) {
    start();
    publish(frontend(), "alice", "hello");
    const auto link = frontend();
    const auto part = [&](unsigned number, const std::string& text) {
        json given;
        in_lane([&](actors::lane& host) {
            const actors::admin_call call{link,
                                          number,
                                          "r" + std::to_string(number),
                                          "policy.put",
                                          "acme",
                                          {},
                                          {{"part", number}, {"parts", 2U}, {"text", text}}};
            if (const auto found = actors::answer_in_lane(host, call)) actors::reply(host, call, *found);
        });
        const auto reply = one<admin_reply>(link);
        return std::string{reply.code};
    };
    EXPECT_EQ(part(2, "off"), "MALFORMED") << "the first is missing";
    EXPECT_EQ(part(1, "queue "), "OK");
    EXPECT_EQ(part(2, "off"), "OK");
    EXPECT_EQ(ask("policy.get", {})["text"], "queue off");
}

TEST_F(explain, an_admin_assigns_and_pins) {
    defaults.mode = routing::assignment_mode::manual;
    start();
    const auto amy = agent("acme:amy");
    const auto shopfront = frontend();
    publish(shopfront, "alice", "hello");
    const auto id = routing::to_id(1);
    EXPECT_EQ(ask("assign", {{"conversation", id}, {"to", "acme:bob"}})["code"], "FORWARD_REJECTED") << "bob is unknown";
    const auto given = ask("assign", {{"conversation", id}, {"to", "acme:amy"}, {"note", "knows her"}});
    EXPECT_EQ(given["code"], "OK") << given.dump();
    EXPECT_EQ(given["owner"], "acme:amy");
    EXPECT_EQ(one<assigned>(amy).reason, "MANUAL_ASSIGN");
    EXPECT_EQ(decisions().back().question, routing::question::assign);
    EXPECT_EQ(store->count_of<routing::admin_acted>(), 1U);
}

TEST_F(explain, only_main_and_senior_agents_may_change_things) {
    defaults.agents = {{"acme:amy", 1, {}, true}};
    start();
    (void)agent("acme:amy");
    (void)agent("acme:bob");
    const json cap{{"account", "acme:bob"}, {"cap", 7}};
    EXPECT_EQ(ask("agent.set", cap, "acme:bob")["code"], "FORBIDDEN");
    EXPECT_EQ(ask("agent.set", cap, "acme:amy")["cap"], 7);
    EXPECT_EQ(ask("agent.set", cap, "acme")["code"], "OK");
    EXPECT_EQ(ask("queue", {}, "acme:bob")["code"], "OK");
}

TEST_F(explain, a_rating_comes_into_force_on_the_first_of_the_month) {
    now = 1'700'000'000'000; // 2023-11-15 06:13 in Shanghai
    start();
    (void)agent("acme:amy");
    const auto later = ask("shop.set", {{"rating", "gold"}});
    EXPECT_EQ(later["rating"], "none");
    EXPECT_EQ(later["next_rating"], "gold");
    EXPECT_EQ(later["next_from"], 1'701'360'000'000) << "2023-12-01 00:00 in Shanghai";
    now = 1'701'360'000'000 - 1;
    EXPECT_EQ(ask("shop.set", {})["rating"], "none");
    now += 1;
    restart();
    EXPECT_EQ(ask("shop.set", {})["rating"], "gold");
    EXPECT_EQ(ask("shop.set", {{"rating", "none"}, {"now", true}})["rating"], "none");
}

TEST_F(explain, what_is_set_of_a_buyer_counts_for_its_next_message) {
    start();
    (void)agent("acme:amy");
    (void)agent("acme:bob");
    EXPECT_EQ(ask("buyer.set", {{"buyer", "alice"}, {"dedicated", "acme:zoe"}})["code"], "NOT_FOUND");
    const auto set = ask("buyer.set", {{"buyer", "alice"}, {"dedicated", "acme:bob"}, {"tags", {"vip"}}, {"member", true}});
    EXPECT_EQ(set["dedicated"], "acme:bob");
    EXPECT_EQ(set["tags"], json::array({"vip"}));
    publish(frontend(), "alice", "hello");
    EXPECT_EQ(decisions().back().reason, routing::reason::dedicated);
}

TEST_F(explain, a_waiting_buyer_and_an_agent_without_buyers_are_told_why) {
    defaults.default_cap = 1;
    start();
    (void)agent("acme:amy");
    publish(frontend(), "alice", "hello");
    publish(frontend(), "berta", "hello");
    const auto waiting = ask("explain.waiting", {{"buyer", "berta"}});
    EXPECT_EQ(waiting["state"], "queued");
    EXPECT_EQ(waiting["position"], 1);
    EXPECT_EQ(waiting["agents"]["full"], 1);
    EXPECT_EQ(waiting["decision"]["reason"], "QUEUED");
    const auto amy = ask("explain.agent", {{"account", "acme:amy"}});
    EXPECT_EQ(amy["failing"], "full");
    EXPECT_EQ(amy["decisions"][0]["mine"], "received");
}

TEST_F(explain, a_hypothetical_message_is_decided_and_changes_nothing) {
    start();
    (void)agent("acme:amy");
    const auto before = store->count();
    const auto made = ask("policy.test", {{"buyer", "carla"}, {"text", "hello"}});
    EXPECT_EQ(made["decision"]["reason"], "ASSIGNED_ANY");
    EXPECT_EQ(made["decision"]["kind"], "test");
    EXPECT_EQ(store->count(), before);
}

TEST_F(explain, a_roster_of_many_agents_and_groups_is_noted_in_parts_that_can_be_read) {
    defaults.default_cap = 1'000;
    for (unsigned i = 0; i < 150; ++i) {
        routing::group each;
        each.id = "g" + std::to_string(i);
        each.members = {"acme:a" + std::to_string(i % 40)};
        each.strategy = routing::pick_strategy::round_robin;
        defaults.groups.push_back(each);
    }
    start();
    for (unsigned i = 0; i < 40; ++i)
        (void)agent("acme:a" + std::to_string(i));
    const auto shopfront = frontend();
    for (const auto& each : defaults.groups)
        publish(shopfront, "buyer of " + each.id, "hello", {.group = each.id});
    pass(std::chrono::hours{1});
    const auto before = store->count_of<routing::roster_noted>();
    publish(shopfront, "zoe", "hello", {.group = "g7"});
    EXPECT_EQ(store->count_of<routing::roster_noted>() - before, 3U) << "41 accounts, 150 choices";
    std::size_t readable = 0;
    store->visit([&](const routing::record&, std::uint64_t) { ++readable; });
    EXPECT_EQ(readable, store->count());
    EXPECT_TRUE(in_full(decisions().back().number)[0]["same_outcome"]);
}

TEST_F(explain, a_note_too_long_is_refused_and_an_audit_record_stays_small) {
    start();
    publish(frontend(), "alice", "hello");
    EXPECT_EQ(ask("policy.put", {{"text", "queue off"}, {"note", std::string(1'000, 'x')}})["code"], "MALFORMED");
    EXPECT_EQ(ask("agent.set", {{"account", "acme:amy"}, {"cap", 3U}, {"why", std::string(5'000, 'x')}})["code"], "OK");
    store->visit([](const routing::record& record, std::uint64_t) {
        const auto* deed = std::get_if<routing::admin_acted>(&record);
        EXPECT_TRUE(deed == nullptr || deed->detail.size() <= 512);
    });
}

} // namespace
} // namespace fenliu::tests
