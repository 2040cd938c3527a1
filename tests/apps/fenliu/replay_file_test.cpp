#include "apps/fenliu/replay_file.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace fenliu::apps::fenliu {
namespace {

replay_file read(const std::string& text) {
    std::istringstream input(text);
    return read_replay_file(input);
}

std::string line_with(const std::string& field, const std::string& value) {
    std::string out = "{";
    for (const auto& [name, usual] : {std::pair<std::string, std::string>{"conversation", "\"c1\""},
                                      {"shop", "\"demo\""},
                                      {"ts", "\"2026-03-01T10:05:00.250Z\""},
                                      {"role", "\"buyer\""},
                                      {"from", "\"ann\""},
                                      {"text", "\"hi\""}})
        out += (out.size() > 1 ? "," : "") + ("\"" + name + "\":") + (name == field ? value : usual);
    return out + "}\n";
}

TEST(replay_file, a_good_line_is_read_whole) {
    const auto file = read(line_with("text", "\"有货吗？\\n\""));
    ASSERT_EQ(file.lines.size(), 1U);
    EXPECT_TRUE(file.bad.empty());
    const auto& line = file.lines.front();
    EXPECT_EQ(line.number, 1U);
    EXPECT_EQ(line.conversation, "c1");
    EXPECT_EQ(line.shop, "demo");
    EXPECT_EQ(line.from, "ann");
    EXPECT_EQ(line.text, "有货吗？\n");
    EXPECT_EQ(line.ts, 1'772'359'500'250);
    EXPECT_FALSE(line.agent);
}

TEST(replay_file, a_bad_line_is_named_by_number_and_the_rest_goes_on) {
    const auto file = read(line_with("", "") + "\n{not json\n" + line_with("role", "\"agent\""));
    ASSERT_EQ(file.lines.size(), 2U);
    EXPECT_EQ(file.lines[1].number, 4U);
    EXPECT_TRUE(file.lines[1].agent);
    ASSERT_EQ(file.bad.size(), 1U);
    EXPECT_EQ(file.bad[0].number, 3U);
    EXPECT_EQ(file.bad[0].what, "is no JSON");
}

TEST(replay_file, every_field_is_checked_and_named) {
    const auto wrong = [](const std::string& text) {
        const auto file = read(text);
        return file.bad.size() == 1 ? file.bad[0].what : "read";
    };
    EXPECT_EQ(wrong("[1]\n"), "is no JSON object");
    EXPECT_EQ(wrong("{}\n"), "conversation is missing");
    EXPECT_EQ(wrong(line_with("shop", "7")), "shop is no text");
    EXPECT_EQ(wrong(line_with("conversation", "\"\"")), "conversation is empty");
    EXPECT_EQ(wrong(line_with("role", "\"robot\"")), "role is neither buyer nor agent");
    EXPECT_EQ(wrong(line_with("text", "\"\"")), "text is empty");
    EXPECT_EQ(wrong(line_with("text", "\"" + std::string(16'385, 'x') + "\"")), "text is longer than 16 KiB");
    EXPECT_EQ(wrong(line_with("ts", "\"yesterday\"")), "ts is no time such as 2026-03-01T10:05:00Z, nor milliseconds");
    EXPECT_NE(wrong(line_with("from", "\"" + std::string(65, 'x') + "\"")).find("longer than 64 bytes"), std::string::npos);
    EXPECT_EQ(wrong(line_with("text", "\"\xFF\"")), "is no JSON");
}

TEST(replay_file, nesting_without_end_is_a_bad_line) {
    const auto file = read(std::string(100'000, '[') + "\n" + line_with("", ""));
    EXPECT_EQ(file.bad.size(), 1U);
    EXPECT_EQ(file.lines.size(), 1U);
}

TEST(replay_file, times_may_be_milliseconds) {
    const auto file = read(line_with("ts", "1772359500250"));
    ASSERT_EQ(file.lines.size(), 1U);
    EXPECT_EQ(file.lines[0].ts, 1'772'359'500'250);
}

} // namespace
} // namespace fenliu::apps::fenliu
