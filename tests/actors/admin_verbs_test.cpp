// What admins ask of one lane: what is refused makes nothing, what is made leaves a record, and no page is too big.
#include "actors/admin_verbs.hpp"

#include "actors/body_fields.hpp"
#include "lane_world.hpp"

namespace fenliu::tests {
namespace {

using namespace protocol;
using nlohmann::json;

class an_admin : public lane_world {
protected:
    an_admin() {
        language.write = [](std::string_view, const routing::policy&) { return std::string{"as configured"}; };
        language.read = [this](std::string_view, std::string_view text) {
            if (text == "broken") return actors::policy_language::reading{nullptr, {{1, 1, true, "unknown key"}}};
            return actors::policy_language::reading{std::make_shared<const routing::compiled_policy>(defaults), {}};
        };
        language.set_groups = [](std::string_view, const std::string&, const std::vector<std::string>& groups) {
            if (groups == std::vector<std::string>{"vip"}) return actors::policy_language::edit{"with vip", {}};
            return actors::policy_language::edit{{}, {{0, 0, true, "no such group"}}};
        };
    }
    json ask(const std::string& verb, json body, const std::string& shop = "acme") {
        const auto link = frontend();
        body = json::from_msgpack(json::to_msgpack(body)); // as it comes over the wire
        in_lane([&](actors::lane& host) {
            const actors::admin_call call{link, 1, "r1", verb, shop, {}, body};
            if (const auto found = actors::answer_in_lane(host, call)) actors::reply(host, call, *found);
        });
        const auto given = one<admin_reply>(link);
        json out = json::from_msgpack(given.body.begin(), given.body.end());
        out["code"] = given.code;
        out["bytes"] = given.body.size();
        return out;
    }
    [[nodiscard]] std::vector<std::string> audited() {
        std::vector<std::string> found;
        store->visit([&](const routing::record& record, std::uint64_t) {
            if (const auto* deed = std::get_if<routing::admin_acted>(&record))
                found.push_back(std::string{deed->verb} + " " + std::string{deed->detail});
        });
        return found;
    }
};

TEST_F(an_admin, who_is_refused_makes_no_shop) {
    start();
    const auto before = store->count();
    EXPECT_EQ(ask("agent.set", {{"account", "bad:1"}}, "typo")["code"], "REJECT_ACCOUNT");
    EXPECT_EQ(ask("agent.set", {{"account", "typo:amy"}, {"cap", "many"}}, "typo")["code"], "MALFORMED");
    EXPECT_EQ(ask("agent.set", {{"account", "typo:amy"}, {"groups", {"vip"}}}, "typo")["code"], "NOT_FOUND");
    EXPECT_EQ(ask("buyer.set", {{"buyer", "alice"}, {"dedicated", "typo:amy"}}, "typo")["code"], "NOT_FOUND");
    EXPECT_EQ(ask("buyer.set", {{"buyer", ""}}, "typo")["code"], "MALFORMED");
    EXPECT_EQ(ask("buyer.set", {{"buyer", "line\nbreak"}}, "typo")["code"], "MALFORMED");
    EXPECT_EQ(ask("buyer.set", {{"buyer", std::string(65, 'b')}}, "typo")["code"], "MALFORMED");
    EXPECT_EQ(ask("shop.set", {{"rating", "platinum"}}, "typo")["code"], "MALFORMED");
    EXPECT_EQ(ask("policy.put", {{"text", "broken"}}, "typo")["code"], "MALFORMED");
    EXPECT_EQ(ask("policy.put", {{"text", "a part"}, {"parts", 2U}}, "typo")["code"], "OK");
    EXPECT_EQ(ask("policy.put", {{"text", "whole"}, {"base", 3U}}, "typo")["code"], "NOT_FOUND");
    EXPECT_EQ(store->count(), before);
}

TEST_F(an_admin, who_sets_nothing_of_a_shop_makes_none) {
    start();
    const auto before = store->count();
    EXPECT_EQ(ask("shop.set", json::object())["code"], "NOT_FOUND");
    EXPECT_EQ(ask("shop.set", {{"now", true}})["code"], "NOT_FOUND");
    EXPECT_EQ(store->count(), before);
    EXPECT_EQ(ask("shop.set", {{"rating", "gold"}})["code"], "OK");
    EXPECT_EQ(ask("shop.set", json::object())["next_rating"], "gold");
}

TEST_F(an_admin, who_makes_a_shop_leaves_one_record_of_it) {
    start();
    EXPECT_EQ(ask("agent.set", {{"account", "one"}}, "one")["code"], "OK");
    EXPECT_EQ(ask("buyer.set", {{"buyer", "alice"}, {"dedicated", "two"}}, "two")["code"], "OK") << "main is in every shop";
    EXPECT_EQ(ask("shop.set", {{"rating", "gold"}}, "three")["code"], "OK");
    EXPECT_EQ(ask("policy.put", {{"text", "whole"}}, "four")["version"], 2);
    EXPECT_EQ(store->count_of<routing::shop_made>(), 4U);
    EXPECT_EQ(audited().size(), 4U);
}

TEST_F(an_admin, may_make_no_shop_where_only_configured_ones_are_served) {
    start(false);
    const auto before = store->count();
    EXPECT_EQ(ask("agent.set", {{"account", "acme:amy"}})["code"], "NOT_FOUND");
    EXPECT_EQ(ask("buyer.set", {{"buyer", "alice"}})["code"], "NOT_FOUND");
    EXPECT_EQ(ask("shop.set", {{"rating", "gold"}})["code"], "NOT_FOUND");
    EXPECT_EQ(ask("policy.put", {{"text", "a part"}, {"parts", 2U}})["code"], "NOT_FOUND");
    EXPECT_EQ(store->count(), before);
}

TEST_F(an_admin, who_makes_an_account_leaves_one_record_of_it) {
    start();
    (void)agent("acme:amy");
    EXPECT_EQ(ask("agent.set", {{"account", "acme:amy"}})["code"], "OK");
    EXPECT_TRUE(audited().empty()) << "it was there, and nothing was set";
    EXPECT_EQ(ask("agent.set", {{"account", "acme:bob"}})["code"], "OK");
    EXPECT_EQ(audited(), (std::vector<std::string>{R"(agent.set {"account":"acme:bob"})"}));
    EXPECT_EQ(ask("agent.set", {{"account", "acme:carl"}, {"groups", {"none"}}})["code"], "MALFORMED");
    EXPECT_EQ(ask("explain.agent", {{"account", "acme:carl"}})["code"], "NOT_FOUND");
    EXPECT_EQ(audited().size(), 1U);
    EXPECT_EQ(ask("agent.set", {{"account", "acme:carl"}, {"cap", 3U}, {"groups", {"vip"}}})["cap"], 3);
    EXPECT_EQ(audited().size(), 2U);
}

TEST_F(an_admin, who_assigns_may_explain_it_in_a_note_like_any_other) {
    start();
    (void)agent("acme:amy");
    publish(frontend(), "alice", "hello");
    const json body{{"conversation", routing::to_id(1)}, {"to", "acme:amy"}, {"note", std::string(limits::note_bytes + 1, 'x')}};
    EXPECT_EQ(ask("assign", body)["text"], "note must have at most 512 bytes");
}

TEST_F(an_admin, who_erases_again_after_a_lost_answer_is_told_when_nothing_is_left) {
    start();
    publish(frontend(), "alice", "hello");
    EXPECT_EQ(ask("buyer.erase", {{"buyer", "alice"}})["conversations"], 1);
    const auto before = store->count();
    const auto again = ask("buyer.erase", {{"buyer", "alice"}});
    EXPECT_EQ(again["code"], "OK");
    EXPECT_EQ(again["conversations"], 0);
    EXPECT_EQ(store->count(), before);
    EXPECT_EQ(ask("buyer.erase", json::object())["code"], "MALFORMED");
}

TEST_F(an_admin, who_prunes_leaves_the_frontends_that_listen) {
    start();
    const auto listens = frontend(), gone = frontend();
    publish(listens, "alice", "hello");
    publish(gone, "berta", "hello");
    send(listens, attach{.shop = "acme", .buyer = "carla"});
    send(listens, buyer_left{.shop = "acme", .buyer = "alice", .request_id = "l1"});
    send(gone, buyer_left{.shop = "acme", .buyer = "berta", .request_id = "l2"});
    deliver({transport::link_closed{gone}});
    now += 3 * limits::prune_youngest.count();
    EXPECT_EQ(ask("shop.prune", {{"before", now - 2 * limits::prune_youngest.count()}})["buyers"], 3);
    in_lane([&](actors::lane& host) {
        const auto& buyers = host.find_shop("acme")->buyers;
        EXPECT_FALSE(buyers.contains("berta"));
        for (const char* name : {"alice", "carla"}) {
            ASSERT_TRUE(buyers.contains(name)) << name;
            EXPECT_EQ(buyers.find(name)->second.followers.size(), 1U);
            EXPECT_EQ(buyers.find(name)->second.facts.conversations, 0U) << "the store has forgotten it, too";
        }
    });
}

TEST_F(an_admin, gets_pages_that_fit_a_frame) {
    for (std::size_t i = 0; i < limits::groups_per_shop; ++i) {
        routing::group each;
        each.id = std::to_string(i);
        each.id.resize(limits::label_bytes, 'g');
        each.members = {"acme:a0", "acme:a1", "acme:a2", "acme:a3"};
        defaults.groups.push_back(each);
    }
    start();
    for (unsigned i = 0; i < 4; ++i)
        EXPECT_EQ(ask("agent.set", {{"account", "acme:a" + std::to_string(i)}})["code"], "OK");
    std::vector<std::string> names;
    json body = json::object();
    do {
        const auto page = ask("agents", body);
        EXPECT_LT(page["bytes"], limits::frame_bytes);
        ASSERT_FALSE(page["agents"].empty());
        for (const auto& each : page["agents"])
            names.push_back(each["account"]);
        body["cursor"] = page["cursor"];
    } while (!body["cursor"].is_null());
    EXPECT_EQ(names, (std::vector<std::string>{"acme", "acme:a0", "acme:a1", "acme:a2", "acme:a3"}));
}

TEST_F(an_admin, whose_request_is_nested_deeply_leaves_a_record_that_an_answer_can_hold) {
    start();
    EXPECT_EQ(ask("agent.set", {{"account", "acme:amy"}, {"why", json::parse("[[[1]]]")}})["code"], "OK");
    EXPECT_EQ(ask("agent.set", {{"account", "acme:amy"}, {"cap", 1U}, {"why", json::parse("[[[[1]]]]")}})["code"], "OK");
    EXPECT_EQ(audited(),
              (std::vector<std::string>{R"(agent.set {"account":"acme:amy","why":[[[1]]]})", R"(agent.set {"bytes":46})"}));
}

TEST(a_page, takes_its_first_row_and_then_what_fits) {
    const json small = std::string(limits::page_bytes / 4, 'x'), big = std::string(limits::page_bytes, 'x');
    actors::page_room first{json::object()}, second{json::object()}, third{{{"limit", 2U}}};
    EXPECT_TRUE(first.take(big));
    EXPECT_FALSE(first.take(small));
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(second.take(small));
    EXPECT_FALSE(second.take(small)) << "with what stands before each";
    EXPECT_TRUE(third.take(1));
    EXPECT_TRUE(third.take(2));
    EXPECT_FALSE(third.take(3));
}

} // namespace
} // namespace fenliu::tests
