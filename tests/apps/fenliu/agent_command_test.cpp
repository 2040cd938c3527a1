#include "apps/fenliu/agent_command.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliu {
namespace {

template <class Command>
Command read_as(std::string_view line) {
    const auto command = read_agent_command(line);
    EXPECT_TRUE(command && std::holds_alternative<Command>(*command)) << line;
    return command && std::holds_alternative<Command>(*command) ? std::get<Command>(*command) : Command{};
}

TEST(agent_command, text_is_said) { EXPECT_EQ(read_as<say_text>("  yes, 12 left ").text, "yes, 12 left"); }

TEST(agent_command, two_slashes_say_a_text_that_begins_with_one) { EXPECT_EQ(read_as<say_text>("//etc").text, "/etc"); }

TEST(agent_command, a_blank_line_is_nothing) { EXPECT_FALSE(read_agent_command("  \t")); }

TEST(agent_command, presence_has_a_word_for_each_state) {
    EXPECT_EQ(read_as<set_presence>("/suspend").state, protocol::presence::suspended);
    EXPECT_EQ(read_as<set_presence>("/online").state, protocol::presence::online);
    EXPECT_EQ(read_as<set_presence>("/invisible").state, protocol::presence::invisible);
    EXPECT_EQ(read_as<set_presence>("/offline").state, protocol::presence::offline);
}

TEST(agent_command, forward_takes_a_receiver_and_the_rest_as_note) {
    const auto forward = read_as<forward_to>("/forward demo:bob wants an invoice");
    EXPECT_EQ(forward.to, "demo:bob");
    EXPECT_EQ(forward.note, "wants an invoice");
}

TEST(agent_command, use_takes_a_number) { EXPECT_EQ(read_as<use_conversation>("/use 3").number, 3U); }

TEST(agent_command, commands_without_argument_are_known) {
    read_as<show_help>("/help");
    read_as<show_list>("/list");
    read_as<show_history>("/history");
    read_as<close_current>("/close");
    read_as<quit>("/quit");
    EXPECT_EQ(read_as<note_current>("/note call back").text, "call back");
}

TEST(agent_command, what_is_wrong_is_said_with_the_remedy) {
    EXPECT_NE(read_as<not_understood>("/use x").what.find("/use N"), std::string::npos);
    EXPECT_NE(read_as<not_understood>("/forward").what.find("/forward TO"), std::string::npos);
    EXPECT_NE(read_as<not_understood>("/note").what.find("/note TEXT"), std::string::npos);
    EXPECT_NE(read_as<not_understood>("/clsoe").what.find("/help"), std::string::npos);
}

TEST(full_account, a_sub_is_completed_and_main_means_the_shop) {
    EXPECT_EQ(full_account("demo", "amy"), "demo:amy");
    EXPECT_EQ(full_account("demo", "main"), "demo");
    EXPECT_EQ(full_account("demo", "demo"), "demo");
    EXPECT_EQ(full_account("demo", "demo:amy"), "demo:amy");
}

} // namespace
} // namespace fenliu::apps::fenliu
