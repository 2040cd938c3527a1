#include "apps/fenliu/agent_desk.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliu {
namespace {

protocol::assigned assignment(std::string_view conversation, std::uint64_t epoch, std::string_view buyer,
                              std::vector<protocol::tail_line> tail = {}) {
    protocol::assigned value;
    value.conversation = conversation;
    value.epoch = epoch;
    value.buyer = buyer;
    value.tail = std::move(tail);
    return value;
}

protocol::buyer_line line(std::string_view conversation, std::uint64_t seq) { return {conversation, seq, "ann", "hi", 0}; }

TEST(agent_desk, the_first_conversation_becomes_the_current_one) {
    agent_desk desk;
    desk.take(assignment("c1", 1, "ann"));
    desk.take(assignment("c2", 1, "ben"));
    ASSERT_NE(desk.current(), nullptr);
    EXPECT_EQ(desk.current()->id, "c1");
    EXPECT_EQ(desk.list().size(), 2U);
}

TEST(agent_desk, use_switches_by_number_and_refuses_others) {
    agent_desk desk;
    desk.take(assignment("c1", 1, "ann"));
    desk.take(assignment("c2", 1, "ben"));
    EXPECT_TRUE(desk.use(2));
    EXPECT_EQ(desk.current()->buyer, "ben");
    EXPECT_FALSE(desk.use(3));
}

TEST(agent_desk, when_the_current_one_goes_the_oldest_left_follows) {
    agent_desk desk;
    desk.take(assignment("c9", 1, "ann"));
    desk.take(assignment("c5", 1, "ben"));
    desk.take(assignment("c1", 1, "cem"));
    EXPECT_TRUE(desk.give_up({"c9", 1, "closed"}));
    EXPECT_EQ(desk.current()->buyer, "ben");
}

TEST(agent_desk, an_unassignment_of_an_older_epoch_changes_nothing) {
    agent_desk desk;
    desk.take(assignment("c1", 2, "ann"));
    EXPECT_FALSE(desk.give_up({"c1", 1, "forwarded"}));
    EXPECT_NE(desk.find("c1"), nullptr);
}

TEST(agent_desk, a_repeated_line_is_told_apart_by_its_seq) {
    agent_desk desk;
    desk.take(assignment("c1", 1, "ann"));
    EXPECT_TRUE(desk.read(line("c1", 1)));
    EXPECT_TRUE(desk.read(line("c1", 3)));
    EXPECT_FALSE(desk.read(line("c1", 3)));
    EXPECT_FALSE(desk.read(line("c2", 1)));
}

TEST(agent_desk, the_tail_gives_the_lines_that_wait_for_an_answer) {
    agent_desk desk;
    const auto fresh =
        desk.take(assignment("c1", 2, "ann", {{1, "ann", "hi", 0}, {2, "demo:bob", "yes?", 0}, {3, "ann", "stock?", 0}}));
    ASSERT_EQ(fresh.size(), 2U);
    EXPECT_TRUE(fresh[0].answered);
    EXPECT_FALSE(fresh[1].answered);
    EXPECT_EQ(fresh[1].text, "stock?");
}

TEST(agent_desk, after_a_lost_session_what_comes_again_keeps_number_and_position) {
    agent_desk desk;
    desk.take(assignment("c1", 1, "ann"));
    desk.take(assignment("c2", 1, "ben"));
    EXPECT_TRUE(desk.read(line("c2", 4)));
    desk.expect_again();
    EXPECT_EQ(desk.current(), nullptr);
    EXPECT_EQ(desk.seen().size(), 2U);
    EXPECT_TRUE(desk.take(assignment("c2", 1, "ben", {{4, "ben", "hi", 0}})).empty());
    EXPECT_EQ(desk.find("c2")->number, 2U);
    EXPECT_FALSE(desk.read(line("c2", 4)));
    EXPECT_EQ(desk.received(), 2U);
}

} // namespace
} // namespace fenliu::apps::fenliu
