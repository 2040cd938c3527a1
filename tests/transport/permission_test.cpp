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

} // namespace
} // namespace fenliu::transport
