#include <gtest/gtest.h>

#include "tests/protocol/frame.hpp"

namespace fenliu::protocol {
namespace {

TEST(defaults, a_hello_of_version_and_role_is_a_new_anonymous_session) {
    const decoded frame(packed({1, 1, "frontend"}));
    const auto& read = frame.only<hello>();
    EXPECT_EQ(read.version, 1U);
    EXPECT_EQ(read.role, role::frontend);
    EXPECT_TRUE(read.token.empty() && read.shop.empty() && read.account.empty() && read.device.empty());
    EXPECT_FALSE(read.robot);
    EXPECT_TRUE(read.resume_session.empty());
    EXPECT_EQ(read.resume_rx, 0U);
    EXPECT_TRUE(read.seen.empty());
}

TEST(defaults, a_hello_of_another_version_is_read_no_further_than_its_version) {
    const decoded frame(packed({1, 2, "supervisor", 17, {{"shop", 5}}}));
    const auto& read = frame.only<hello>();
    EXPECT_EQ(read.version, 2U);
    EXPECT_TRUE(read.shop.empty());
}

TEST(defaults, a_hello_without_a_version_has_version_0) {
    const decoded frame(packed(nlohmann::json::array({1})));
    EXPECT_EQ(frame.only<hello>().version, 0U);
}

TEST(defaults, a_welcome_of_a_session_alone_has_zeros) {
    const decoded frame(packed({2, "s-1"}));
    const auto& read = frame.only<welcome>();
    EXPECT_EQ(read.session, "s-1");
    EXPECT_EQ(read.rx, 0U);
    EXPECT_FALSE(read.resumed);
    EXPECT_EQ(read.heartbeat_ms + read.window + read.max_frame + read.expiry_ms, 0U);
    EXPECT_TRUE(read.server.empty());
}

TEST(defaults, an_error_of_a_code_alone_is_final_and_about_no_message) {
    const decoded frame(packed({6, "INTERNAL"}));
    const auto& read = frame.only<error>();
    EXPECT_FALSE(read.retryable);
    EXPECT_EQ(read.retry_after_ms, 0U);
    EXPECT_FALSE(read.ref.has_value());
    EXPECT_TRUE(read.text.empty());
}

TEST(defaults, session_messages_of_their_kind_alone_have_zeros) {
    EXPECT_EQ(decoded(packed(nlohmann::json::array({4}))).only<ack>().rx, 0U);
    EXPECT_TRUE(decoded(packed(nlohmann::json::array({5}))).only<bye>().code.empty());
    EXPECT_EQ(decoded(packed(nlohmann::json::array({7}))).only<credit>().window, 0U);
}

TEST(defaults, a_publish_without_options_leaves_crowds_as_they_are) {
    const decoded frame(packed({10, "m-1", "acme", "b"}));
    const auto& read = frame.only<publish>();
    EXPECT_TRUE(read.text.empty() && read.to.empty() && read.entry.empty() && read.page.empty() && read.group.empty());
    EXPECT_TRUE(read.product.empty() && read.order.empty() && read.region.empty() && read.level.empty() && read.lang.empty());
    EXPECT_TRUE(read.tags.empty());
    EXPECT_FALSE(read.crowds.has_value());
}

TEST(defaults, an_empty_crowds_list_is_not_the_same_as_none) {
    const decoded frame(packed({10, "m-1", "acme", "b", "hi", {{"crowds", nlohmann::json::array()}}}));
    ASSERT_TRUE(frame.only<publish>().crowds.has_value());
    EXPECT_TRUE(frame.only<publish>().crowds->empty());
}

TEST(defaults, an_order_event_without_an_amount_has_0_cents) {
    const decoded frame(packed({13, "acme", "b", "o-1", "paid", nullptr, "r-1"}));
    EXPECT_EQ(frame.only<order_event>().amount_cents, 0);
}

TEST(defaults, an_attach_of_a_buyer_alone_starts_at_0) {
    const decoded frame(packed({14, "acme", "b"}));
    EXPECT_TRUE(frame.only<attach>().conversation.empty());
    EXPECT_EQ(frame.only<attach>().seq, 0U);
}

TEST(defaults, commands_of_their_required_fields_alone_have_zeros_and_empty_texts) {
    const decoded said_shortly(packed({31, "m-1", "c-1"}));
    EXPECT_EQ(said_shortly.only<say>().epoch, 0U);
    EXPECT_TRUE(said_shortly.only<say>().text.empty());
    EXPECT_TRUE(decoded(packed({32, "r-1", "c-1", 1, "acme:amy"})).only<forward>().note.empty());
    EXPECT_EQ(decoded(packed({33, "r-1", "c-1"})).only<close>().epoch, 0U);
    const decoded noted(packed({36, "r-1", "c-1"}));
    EXPECT_TRUE(noted.only<note>().flag.empty() && noted.only<note>().text.empty());
}

TEST(defaults, a_history_request_asks_for_its_own_newest_page) {
    const decoded frame(packed({34, "r-1", "b"}));
    const auto& read = frame.only<history_request>();
    EXPECT_TRUE(read.cursor.empty());
    EXPECT_EQ(read.limit, 0U);
    EXPECT_EQ(read.scope, history_scope::own);
}

TEST(defaults, an_admin_request_without_a_body_has_an_empty_map) {
    EXPECT_EQ(decoded(packed({50, "r-1", "stats"})).only<admin_request>().body, "\x80");
    EXPECT_EQ(decoded(packed({51, "r-1", "OK", nullptr})).only<admin_reply>().body, "\x80");
}

TEST(defaults, a_history_page_of_a_request_alone_is_empty_and_the_last) {
    const decoded frame(packed({43, "r-1"}));
    const auto& read = frame.only<history_page>();
    EXPECT_TRUE(std::get<std::vector<history_line>>(read.rows).empty());
    EXPECT_TRUE(read.cursor.empty());
}

TEST(defaults, unknown_fields_and_entries_are_ignored_whatever_they_hold) {
    const nlohmann::json unknown = {{"deep", {{{"list", {1, 2.5, "x", nullptr, true}}}}}};
    const decoded frame(packed({21, "acme", "b", "c-1", "QUEUED", nullptr, {{"position", 2}, {"new", unknown}}, unknown, -3}));
    EXPECT_EQ(frame.only<routed>().position, 2U);
    EXPECT_EQ(frame.only<routed>().reason, "QUEUED");
}

TEST(defaults, a_map_key_that_is_no_text_is_ignored) {
    // [10, "m", "s", "b", "t", {5: 1, "entry": "lit_icon"}]
    const decoded frame(from_hex("96 0a a16d a173 a162 a174 82 05 01 a5656e747279 a86c69745f69636f6e"));
    EXPECT_EQ(frame.only<publish>().entry, "lit_icon");
}

TEST(defaults, of_two_entries_of_one_key_the_last_counts) {
    // [10, "m", "s", "b", "t", {"to": "s:x", "to": "s:y"}]
    const decoded frame(from_hex("96 0a a16d a173 a162 a174 82 a2746f a3733a78 a2746f a3733a79"));
    EXPECT_EQ(frame.only<publish>().to, "s:y");
}

} // namespace
} // namespace fenliu::protocol
