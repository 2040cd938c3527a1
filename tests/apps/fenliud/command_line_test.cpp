#include "apps/fenliud/command_line.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliud {
namespace {

/// Parses as the program does; what it prints goes to `printed` and `complained`.
struct parsing {
    explicit parsing(std::vector<const char*> arguments) {
        arguments.insert(arguments.begin(), "fenliud");
        testing::internal::CaptureStdout();
        testing::internal::CaptureStderr();
        result = parse_command_line(static_cast<int>(arguments.size()), arguments.data(), "1.2.3");
        printed = testing::internal::GetCapturedStdout();
        complained = testing::internal::GetCapturedStderr();
    }
    [[nodiscard]] int status() const {
        return std::holds_alternative<exit_status>(result) ? std::get<exit_status>(result).value : -1;
    }

    std::variant<command_line, exit_status> result;
    std::string printed, complained;
};

TEST(command_line, every_option_is_taken) {
    const parsing all({"-c", "f.toml", "--data", "here", "--demo", "--insecure", "--check-config", "--print-default-config"});
    const auto& wanted = std::get<command_line>(all.result);
    EXPECT_EQ(wanted.file, "f.toml");
    EXPECT_EQ(wanted.data_directory, "here");
    EXPECT_TRUE(wanted.demo && wanted.insecure && wanted.check_config && wanted.print_default_config);
    EXPECT_FALSE(wanted.memory);
    EXPECT_TRUE(std::get<command_line>(parsing({"--memory"}).result).memory);
}

TEST(command_line, version_and_help_end_well) {
    const parsing version({"--version"});
    EXPECT_EQ(version.status(), 0);
    EXPECT_EQ(version.printed, "fenliud 1.2.3\n");
    const parsing help({"--help"});
    EXPECT_EQ(help.status(), 0);
    EXPECT_NE(help.printed.find("--print-default-config"), std::string::npos);
}

TEST(command_line, a_usage_error_is_status_2_with_a_word_on_standard_error) {
    for (const auto& arguments : std::vector<std::vector<const char*>>{
             {"--no-such-option"}, {"--data"}, {"--check-config"}, {"--memory", "--data", "here"}, {"something"}}) {
        const parsing wrong(arguments);
        EXPECT_EQ(wrong.status(), 2) << arguments.front();
        EXPECT_EQ(wrong.printed, "");
        EXPECT_NE(wrong.complained, "");
    }
}

} // namespace
} // namespace fenliu::apps::fenliud
