#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "transport/permission.hpp"

namespace fenliu::transport {
namespace {

using protocol::errc;
using protocol::role;

identity who(role of, std::string shop = {}) { return {.role = of, .shop = std::move(shop), .grade = protocol::grade_of(of)}; }
std::string shop_of(const destination& to) {
    const auto* shop = std::get_if<to_shop>(&to);
    return shop == nullptr ? "" : std::string(shop->shop);
}
errc code(const destination& to) {
    const auto* why = std::get_if<protocol::failure>(&to);
    return why == nullptr ? errc::ok : why->code;
}

const std::vector<protocol::message> from_frontends{protocol::publish{.shop = "acme"}, protocol::buyer_left{.shop = "acme"},
                                                    protocol::rating{.shop = "acme"}, protocol::order_event{.shop = "acme"},
                                                    protocol::attach{.shop = "acme"}};
const std::vector<protocol::message> from_agents{protocol::presence_change{}, protocol::say{},  protocol::forward{},
                                                 protocol::close{},           protocol::pick{}, protocol::note{}};
const std::vector<protocol::message> from_the_broker{
    protocol::stored{},   protocol::routed{},      protocol::reply{},        protocol::prompt{},         protocol::queue_moved{},
    protocol::assigned{}, protocol::unassigned{},  protocol::buyer_line{},   protocol::result{},         protocol::said{},
    protocol::alert{},    protocol::admin_reply{}, protocol::history_page{}, protocol::error{.ref = "m"}};

TEST(permission_, sends_each_kind_of_a_frontend_to_the_shop_it_names) {
    for (const auto& message : from_frontends) {
        EXPECT_EQ(shop_of(destination_of(who(role::frontend), message)), "acme");
        EXPECT_EQ(code(destination_of(who(role::frontend, "other"), message)), errc::forbidden);
        EXPECT_EQ(code(destination_of(who(role::agent, "acme"), message)), errc::forbidden);
        EXPECT_EQ(code(destination_of(who(role::admin), message)), errc::forbidden);
    }
}

TEST(permission_, sends_each_kind_of_an_agent_to_its_own_shop) {
    for (const auto& message : from_agents) {
        EXPECT_EQ(shop_of(destination_of(who(role::agent, "acme"), message)), "acme");
        EXPECT_EQ(code(destination_of(who(role::frontend), message)), errc::forbidden);
        EXPECT_EQ(code(destination_of(who(role::admin, "acme"), message)), errc::forbidden);
    }
}

TEST(permission_, forbids_the_brokers_own_kinds_to_everybody_and_says_whose_they_are) {
    for (const auto& message : from_the_broker)
        for (const role of : {role::frontend, role::agent, role::admin}) {
            const auto to = destination_of(who(of, "acme"), message);
            ASSERT_EQ(code(to), errc::forbidden);
            EXPECT_NE(std::get<protocol::failure>(to).text.find("the broker"), std::string::npos);
        }
}

TEST(permission_, lets_an_admin_read_the_history_of_the_shop_its_hello_named) {
    const protocol::message request = protocol::history_request{.request_id = "r"};
    EXPECT_EQ(shop_of(destination_of(who(role::agent, "acme"), request)), "acme");
    EXPECT_EQ(shop_of(destination_of(who(role::admin, "acme"), request)), "acme");
    EXPECT_EQ(code(destination_of(who(role::frontend, "acme"), request)), errc::forbidden);
    const auto to = destination_of(who(role::admin), request);
    ASSERT_EQ(code(to), errc::malformed);
    EXPECT_EQ(std::get<protocol::failure>(to).text, "hello must name the shop");
}

TEST(permission_, lets_admins_and_agents_ask_the_administration_which_knows_who_may_what) {
    const protocol::message queue = protocol::admin_request{.request_id = "r", .verb = "queue"};
    const protocol::message drain = protocol::admin_request{.request_id = "r", .verb = "drain"};
    EXPECT_TRUE(std::holds_alternative<to_admin>(destination_of(who(role::admin), drain)));
    EXPECT_TRUE(std::holds_alternative<to_admin>(destination_of(who(role::agent, "acme"), queue)));
    EXPECT_TRUE(std::holds_alternative<to_admin>(destination_of(who(role::agent, "acme"), drain)));
    EXPECT_EQ(code(destination_of(who(role::frontend), queue)), errc::forbidden);
}

// --- the whole table, written down a second time ----------------------------------------------------------------------------

using protocol::grade;
constexpr grade grades[] = {grade::frontend, grade::agent, grade::senior, grade::admin, grade::auditor};

/// One letter for each grade: `s` a shop it may name, `b` only without a bound shop, `-` nothing.
const std::map<std::string, std::string> expected_kinds{
    {"10", "s----"}, {"11", "s----"}, {"12", "s----"}, {"13", "s----"}, {"14", "s----"}, {"30", "-ss--"}, {"31", "-ss--"},
    {"32", "-ss--"}, {"33", "-ss--"}, {"34", "-ssss"}, {"35", "-ss--"}, {"36", "-ss--"}, {"50", "-ssss"}};
const std::map<std::string, std::string> expected_verbs{
    {"stats", "--sss"},           {"shop.list", "--sss"},       {"shop.set", "--ss-"},     {"agents", "--sss"},
    {"agent.set", "--ss-"},       {"queue", "-ssss"},           {"assign", "--ss-"},       {"buyer.get", "--sss"},
    {"buyer.set", "--ss-"},       {"policy.get", "--sss"},      {"policy.check", "--sss"}, {"policy.put", "--ss-"},
    {"policy.history", "--sss"},  {"policy.rollback", "--ss-"}, {"policy.test", "--sss"},  {"explain", "--sss"},
    {"explain.waiting", "--sss"}, {"explain.agent", "--sss"},   {"audit", "--sss"},        {"drain", "---b-"},
    {"token.list", "---bb"},      {"token.revoke", "---b-"},    {"buyer.erase", "---s-"},  {"shop.prune", "---s-"},
    {"audit.verify", "---bb"}};

identity as(grade of, std::string shop) { return {.role = protocol::role_of(of), .shop = std::move(shop), .grade = of}; }

TEST(permission_, of_every_grade_for_every_kind_and_either_shop_is_that_of_the_table) {
    std::vector<protocol::message> all = from_frontends;
    all.insert(all.end(), from_agents.begin(), from_agents.end());
    all.insert(all.end(), from_the_broker.begin(), from_the_broker.end());
    all.emplace_back(protocol::history_request{});
    all.emplace_back(protocol::admin_request{});
    std::size_t looked = 0;
    for (const auto& message : all)
        for (const grade of : grades)
            for (const std::string bound : {"acme", "other", ""}) {
                const auto kind = std::to_string(protocol::kind_of(message));
                const auto row = expected_kinds.find(kind);
                const bool has_right = row != expected_kinds.end() && row->second[static_cast<std::size_t>(of)] == 's';
                // Frontends' messages name acme; the others' shop is that of the session.
                const bool reaches = of != grade::frontend || bound.empty() || bound == "acme";
                const bool names_shop = of == grade::frontend || kind == "50" || !bound.empty();
                const errc wanted = !has_right || !reaches ? errc::forbidden : names_shop ? errc::ok : errc::malformed;
                EXPECT_EQ(code(destination_of(as(of, bound), message)), wanted) << kind << " " << name(of) << " of " << bound;
                ++looked;
            }
    EXPECT_EQ(looked, all.size() * 15);
}

TEST(permission_, of_every_grade_for_every_verb_is_that_of_the_table_and_no_verb_is_missing_in_it) {
    std::string listed = verbs_text();
    for (const auto& [verb, row] : expected_verbs) {
        ASSERT_TRUE(is_verb(verb)) << verb;
        for (const grade of : grades)
            for (const std::string bound : {"", "acme"}) {
                const char letter = row[static_cast<std::size_t>(of)];
                const bool may = letter == 's' || (letter == 'b' && bound.empty());
                const auto why = check_verb(as(of, bound), of, verb);
                EXPECT_EQ(why ? why->code : errc::ok, may ? errc::ok : errc::forbidden)
                    << verb << " " << name(of) << " of " << bound;
            }
    }
    EXPECT_EQ(static_cast<std::size_t>(std::count(listed.begin(), listed.end(), ',')) + 1, expected_verbs.size())
        << "a verb of the table is not in the test: " << listed;
    EXPECT_EQ(check_verb(as(grade::admin, ""), grade::admin, "fly")->code, errc::not_found);
}

TEST(permission_, to_follow_the_feed_is_for_those_who_look_after_the_shop_and_for_its_events) {
    for (const grade of : grades) {
        const bool may = of != grade::frontend && of != grade::agent;
        EXPECT_EQ(may_follow(as(of, "acme"), std::nullopt), may) << name(of);
        EXPECT_EQ(may_follow(as(of, "acme"), "shop/acme/message"), may) << name(of);
        for (const char* topic : {"", "shop/", "shop/acme", "shop/acmes/message", "shop/other/"})
            EXPECT_FALSE(may_follow(as(of, "acme"), topic)) << name(of) << " " << topic;
        EXPECT_EQ(may_follow(as(of, ""), ""), may) << name(of);
    }
}

} // namespace
} // namespace fenliu::transport
