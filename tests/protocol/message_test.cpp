#include "protocol/message.hpp"

#include <gtest/gtest.h>

#include "tests/protocol/samples.hpp"

namespace fenliu::protocol {
namespace {

TEST(message, kinds_from_10_up_are_data_and_lower_ones_are_not) {
    for (const auto& [name, sample] : samples()) {
        if (std::holds_alternative<error>(sample)) continue;
        EXPECT_EQ(is_data(sample), kind_of(sample) >= 10) << name;
    }
}

TEST(message, an_error_is_data_where_it_answers_a_message) {
    EXPECT_TRUE(is_data(error{.code = "EXPIRED", .ref = "m-1"}));
    EXPECT_FALSE(is_data(error{.code = "EXPIRED"}));
}

TEST(message, a_rejected_one_counts_like_the_kind_it_claims_to_be) {
    EXPECT_TRUE(is_data(rejected{.kind = 10}));
    EXPECT_TRUE(is_data(rejected{.kind = 4'000'000'000}));
    EXPECT_FALSE(is_data(rejected{.kind = 4}));
    EXPECT_FALSE(is_data(rejected{.kind = 9}));
    EXPECT_TRUE(is_data(rejected{.kind = 6, .ref = "m-1"}));
    EXPECT_FALSE(is_data(rejected{.kind = 6}));
}

TEST(message, one_whose_kind_cannot_be_read_counts_as_data) { EXPECT_TRUE(is_data(rejected{})); }

TEST(message, the_ref_is_its_msg_id_or_request_id) {
    EXPECT_EQ(ref_of(publish{.msg_id = "m-1"}), "m-1");
    EXPECT_EQ(ref_of(say{.msg_id = "m-1"}), "m-1");
    EXPECT_EQ(ref_of(order_event{.request_id = "r-1"}), "r-1");
    EXPECT_EQ(ref_of(stored{.msg_id = "m-1"}), "m-1");
    EXPECT_EQ(ref_of(error{.ref = "r-1"}), "r-1");
    EXPECT_EQ(ref_of(rejected{.ref = "r-1"}), "r-1");
}

TEST(message, one_without_an_id_has_no_ref) {
    EXPECT_FALSE(ref_of(attach{}));
    EXPECT_FALSE(ref_of(ack{}));
    EXPECT_FALSE(ref_of(buyer_line{}));
    EXPECT_FALSE(ref_of(error{}));
}

TEST(enumerations, names_on_the_wire_are_lower_case) {
    EXPECT_EQ(name(role::frontend), "frontend");
    EXPECT_EQ(name(role::agent), "agent");
    EXPECT_EQ(name(role::admin), "admin");
    EXPECT_EQ(name(presence::offline), "offline");
    EXPECT_EQ(name(presence::online), "online");
    EXPECT_EQ(name(presence::invisible), "invisible");
    EXPECT_EQ(name(presence::suspended), "suspended");
    EXPECT_EQ(name(order_status::placed), "placed");
    EXPECT_EQ(name(order_status::paid), "paid");
    EXPECT_EQ(name(order_status::refund), "refund");
    EXPECT_EQ(name(history_scope::own), "own");
    EXPECT_EQ(name(history_scope::all), "all");
    EXPECT_EQ(name(history_scope::exists), "exists");
}

TEST(enumerations, values_are_found_by_their_exact_names) {
    EXPECT_EQ(role_of("admin"), role::admin);
    EXPECT_EQ(presence_of("suspended"), presence::suspended);
    EXPECT_EQ(order_status_of("refund"), order_status::refund);
    EXPECT_EQ(history_scope_of("exists"), history_scope::exists);
    EXPECT_FALSE(presence_of("Online"));
    EXPECT_FALSE(presence_of(""));
}

} // namespace
} // namespace fenliu::protocol
