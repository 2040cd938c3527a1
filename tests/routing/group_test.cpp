// Which group serves a message, and who of it.
#include "tests/routing/decision_fixture.hpp"

namespace fenliu::routing {
namespace {

class grouped : public decision {
protected:
    grouped() {
        rules.groups = {group_of("pre", {"acme:amy"}), group_of("after", {"acme:bob"}), group_of("vip", {"acme:cat"})};
        rules.groups[0].keywords = {"尺码", "size"};
        rules.groups[1].keywords = {"发票"};
        rules.groups[1].order_states = {"paid"};
        rules.groups[1].products = {"p1"};
        rules.groups[2].crowds = {"gold"};
        rules.groups[2].products = {"p1"};
        join({.account = "acme:cat", .online = true});
    }
    std::string agent() { return decide().agent; }
};

TEST_F(grouped, a_keyword_leads_to_its_group) {
    request.text = "有发票吗";
    EXPECT_EQ(decide().reason, reason::assigned_group);
    EXPECT_EQ(agent(), "acme:bob");
}

TEST_F(grouped, without_a_hit_the_whole_shop_is_asked) {
    request.text = "在吗";
    EXPECT_EQ(decide().reason, reason::assigned_any);
    EXPECT_FALSE(decide().group);
}

TEST_F(grouped, crowd_narrows_before_product_and_product_before_keyword) {
    request.product = "p1";
    request.text = "尺码";
    EXPECT_EQ(agent(), "acme:bob") << "no group of the product has the keyword";
    request.crowds = {{"gold", now}};
    EXPECT_EQ(agent(), "acme:cat") << "a group's crowd counts at once (R29)";
    request.crowds[0].until = now;
    EXPECT_EQ(agent(), "acme:bob") << "and no longer than the buyer is in it";
}

TEST_F(grouped, an_emergency_overrides_the_clicked_group_and_both_the_rest) {
    rules.emergency_group = "vip";
    request.clicked_group = "pre";
    request.text = "发票";
    EXPECT_EQ(agent(), "acme:amy");
    request.text = "投诉";
    EXPECT_EQ(agent(), "acme:cat");
}

TEST_F(grouped, a_group_outside_its_hours_is_left_out) {
    rules.groups[1].hours = daily_hours{{*parse_day_window("00:00-00:01")}};
    request.text = "发票";
    EXPECT_EQ(agent(), "acme:bob");
    rules.groups[1].hours = daily_hours{{*parse_day_window("00:01-00:00")}};
    EXPECT_EQ(decide().reason, reason::assigned_any);
}

TEST_F(grouped, after_a_reroute_the_recent_contacts_group_is_preferred) {
    recent_contact("acme:bob", hour);
    rules.groups[1].members.push_back("acme:cat");
    join({.account = "acme:bob", .online = false});
    request.text = "尺码";
    EXPECT_EQ(agent(), "acme:cat");
}

TEST_F(grouped, a_full_group_overflows_into_its_own_and_then_the_shop) {
    rules.groups[1].overflow = "vip";
    join({.account = "acme:bob", .online = true, .load = 2});
    request.text = "发票";
    EXPECT_EQ(decide().reason, reason::assigned_overflow);
    EXPECT_EQ(agent(), "acme:cat");
    EXPECT_EQ(decide().group, std::optional<group_index>{2});
    join({.account = "acme:cat", .online = true, .load = 2});
    EXPECT_EQ(agent(), "acme:amy");
    EXPECT_FALSE(decide().group);
}

TEST_F(grouped, region_and_level_reach_a_group_as_tags) {
    rules.groups[0].tags = {"north"};
    request.tags = {"north"};
    EXPECT_EQ(agent(), "acme:amy");
}

} // namespace
} // namespace fenliu::routing
