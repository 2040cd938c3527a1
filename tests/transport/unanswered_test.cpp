#include <gtest/gtest.h>

#include "transport/unanswered.hpp"

namespace fenliu::transport {
namespace {

class a_list_of_the_unanswered : public ::testing::Test {
protected:
    void sent(const protocol::message& message, std::string_view bytes) { list.add(message, bytes, ++number); }
    std::vector<std::string> send_again(bool drop_presence = true) {
        std::vector<std::string> again;
        number = 0;
        list.send_again(drop_presence, [&](std::string_view bytes) {
            again.emplace_back(bytes);
            return ++number;
        });
        return again;
    }
    unanswered list;
    std::uint64_t number = 0;
};

protocol::error error_about(std::string_view ref) { return {.code = "OVERLOADED", .retryable = true, .ref = ref}; }

TEST_F(a_list_of_the_unanswered, is_sent_again_in_order_without_what_was_answered) {
    sent(protocol::publish{.msg_id = "m1"}, "1");
    sent(protocol::say{.msg_id = "m2"}, "2");
    sent(protocol::close{.request_id = "r1"}, "3");
    sent(protocol::publish{.msg_id = "m3"}, "4");
    sent(protocol::history_request{.request_id = "r2"}, "5");
    sent(protocol::admin_request{.request_id = "r3"}, "6");
    list.answered(protocol::said{.msg_id = "m2"});
    list.answered(error_about("m3"));
    EXPECT_EQ(list.size(), 4u);
    EXPECT_EQ(send_again(), (std::vector<std::string>{"1", "3", "5", "6"}));
    list.answered(protocol::stored{.msg_id = "m1"});
    list.answered(protocol::result{.request_id = "r1"});
    list.answered(protocol::history_page{.request_id = "r2"});
    list.answered(protocol::admin_reply{.request_id = "r3"});
    EXPECT_EQ(list.size(), 0u);
}

TEST_F(a_list_of_the_unanswered, keeps_an_attach_until_its_ack) {
    sent(protocol::publish{.msg_id = "m1"}, "1");
    sent(protocol::attach{.shop = "acme", .buyer = "bob"}, "2");
    list.acked(1);
    EXPECT_EQ(list.size(), 2u) << "an ack answers no publish";
    EXPECT_EQ(send_again(), (std::vector<std::string>{"1", "2"}));
    list.acked(2);
    EXPECT_EQ(list.size(), 1u);
}

TEST_F(a_list_of_the_unanswered, forgets_an_acked_attach_behind_one_that_an_earlier_session_answered) {
    for (const auto* id : {"m1", "m2", "m3", "m4"})
        sent(protocol::publish{.msg_id = id}, id);
    sent(protocol::attach{.shop = "acme", .buyer = "bob"}, "attach");
    for (const auto* id : {"m1", "m2", "m4"})
        list.answered(protocol::stored{.msg_id = id});
    EXPECT_EQ(send_again(), (std::vector<std::string>{"m3", "attach"}));
    list.acked(2);
    EXPECT_EQ(list.size(), 1u) << "m3 alone";
}

TEST_F(a_list_of_the_unanswered, leaves_a_presence_to_its_owner) {
    sent(protocol::presence_change{protocol::presence::online, "p1"}, "1");
    EXPECT_EQ(send_again(false), std::vector<std::string>{"1"});
    EXPECT_TRUE(send_again().empty());
    EXPECT_EQ(list.size(), 0u);
    list.answered(protocol::result{.request_id = "p1"});
    EXPECT_EQ(list.size(), 0u);
}

TEST_F(a_list_of_the_unanswered, takes_one_answer_for_each_of_two_with_the_same_id) {
    sent(protocol::publish{.msg_id = "m1"}, "1");
    sent(protocol::publish{.msg_id = "m1"}, "2");
    list.answered(protocol::stored{.msg_id = "m1"});
    EXPECT_EQ(list.size(), 1u);
    EXPECT_EQ(send_again(), std::vector<std::string>{"2"});
    list.answered(protocol::stored{.msg_id = "m1", .duplicate = true});
    EXPECT_EQ(list.size(), 0u);
}

TEST_F(a_list_of_the_unanswered, finds_each_of_many_whatever_the_order_of_the_answers) {
    constexpr int count = 1'000;
    const auto id = [](int i) { return "m" + std::to_string(i); };
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < count; ++i) {
            const auto name = id(i);
            sent(protocol::publish{.msg_id = name}, "bytes of " + name);
        }
        for (int i = 0; i < count; i += 2)
            list.answered(protocol::stored{.msg_id = id(count - 2 - i)});
        EXPECT_EQ(list.size(), count / 2U);
        const auto again = send_again();
        ASSERT_EQ(again.size(), count / 2U);
        for (int i = 0; i < count / 2; ++i)
            EXPECT_EQ(again[static_cast<std::size_t>(i)], "bytes of " + id(2 * i + 1));
        for (int i = 1; i < count; i += 2)
            list.answered(protocol::stored{.msg_id = id(i)});
        EXPECT_EQ(list.size(), 0u);
    }
}

TEST_F(a_list_of_the_unanswered, ignores_what_answers_nothing) {
    sent(protocol::publish{.msg_id = "m1"}, "1");
    list.answered(protocol::stored{.msg_id = "m9"});
    list.answered(protocol::reply{});
    list.answered(protocol::error{.code = "INTERNAL"});
    EXPECT_EQ(list.size(), 1u);
}

} // namespace
} // namespace fenliu::transport
