// Runs `fenliu policy` itself: what it prints and its exit status are part of its interface.
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/apps/fenliu/program_run.hpp"

namespace fenliu::apps::fenliu {
namespace {

const std::string right_case =
    R"({"id": "c1", "now": "2026-03-10T12:00:00Z", "policy": {"main": "acme"}, "agents": [{"account": "acme", "online": true}], )"
    R"("expect": {"reason": "ASSIGNED_ANY", "agent": "acme"}})";
const std::string wrong_case =
    R"({"id": "c2", "now": "2026-03-10T12:00:00Z", "policy": {"main": "acme"}, "expect": {"reason": "RECENT", "agent": "acme"}})";

class policy_command : public testing::Test {
protected:
    policy_command() {
        auto pattern = (std::filesystem::temp_directory_path() / "fenliu-policy-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        file_ = (directory_ / "f").string();
    }
    ~policy_command() override { std::filesystem::remove_all(directory_); }

    void write(const std::string& text) const { std::ofstream(file_) << text; }

    /// `fenliu policy ARGUMENTS`, with the file as stdin.
    [[nodiscard]] outcome run(const std::string& arguments) const {
        return run_program("policy " + arguments, std::filesystem::exists(file_) ? file_ : "/dev/null");
    }

    std::filesystem::path directory_;
    std::string file_;
};

TEST_F(policy_command, the_example_is_a_policy_without_errors) {
    const auto example = run("example");
    EXPECT_EQ(example.status, 0);
    write(example.text);
    EXPECT_EQ(run("check " + file_).status, 0);
}

TEST_F(policy_command, check_prints_errors_with_their_places_and_fails) {
    write("shop = \"acme\"\nmodee = \"auto\"\n[queue]\nlimit = -1\n");
    const auto ended = run("check " + file_);
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.text, file_ + ":2:1: unknown key \"modee\" in the file, did you mean \"mode\"?\n" + file_ +
                              ":4:9: limit is -1, outside 0…1000000\n" + file_ + ": 2 errors\n");
}

TEST_F(policy_command, check_prints_warnings_and_is_content) {
    write("shop = \"acme\"\n[robot]\nhandoff_words = [\"a\"]\n[[group]]\nid = \"g\"\nmembers = []\ntags = \"t\"\n");
    const auto ended = run("check " + file_);
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.text, file_ + ":6:11: warning: nobody serves group \"g\": it has no members\n" + file_ + ": ok, 1 warning\n");
    EXPECT_EQ(run("check --json " + file_).text, R"({"file":")" + file_ +
                                                     R"(","shop":"acme","errors":[],"warnings":[{"line":6,"column":11,)" +
                                                     R"("text":"nobody serves group \"g\": it has no members"}]})" + "\n");
}

TEST_F(policy_command, test_sums_up_what_passed) {
    write(right_case + "\n" + right_case + "\n");
    const auto ended = run("test " + file_);
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.text, "2 passed, 0 failed\n");
    EXPECT_EQ(run("test - " + file_).text, "4 passed, 0 failed\n");
}

TEST_F(policy_command, test_prints_each_difference_field_by_field) {
    write(right_case + "\n" + wrong_case + "\n");
    const auto ended = run("test " + file_);
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.text, "c2: reason: expected RECENT, got FALLBACK_MAIN\n"
                          "c2: causes: expected none, got NONE_ONLINE\n"
                          "1 passed, 1 failed\n");
}

TEST_F(policy_command, test_names_a_broken_case_and_goes_on) {
    write(right_case + "\n{\"now\n" + right_case + "\n");
    const auto ended = run("test " + file_);
    EXPECT_EQ(ended.status, 1);
    EXPECT_EQ(ended.text.find(file_ + ":2: is no JSON: parse error at"), 0U) << ended.text;
    EXPECT_NE(ended.text.find("\n2 passed, 1 failed\n"), std::string::npos) << ended.text;
}

TEST_F(policy_command, test_as_json_is_one_object) {
    write(wrong_case);
    EXPECT_EQ(run("test --json " + file_).text,
              R"({"passed":0,"failed":1,"differences":[{"place":")" + file_ +
                  R"(:1","id":"c2","field":"reason","expected":"RECENT","got":"FALLBACK_MAIN"},)" + R"({"place":")" + file_ +
                  R"(:1","id":"c2","field":"causes","expected":"none","got":"NONE_ONLINE"}]})" + "\n");
}

TEST_F(policy_command, a_file_that_is_not_there_is_wrong_usage) {
    for (const std::string verb : {"check ", "test "}) {
        const auto ended = run(verb + file_);
        EXPECT_EQ(ended.status, 2);
        EXPECT_NE(ended.text.find("No such file"), std::string::npos) << ended.text;
    }
}

TEST_F(policy_command, without_a_part_it_is_wrong_usage) { EXPECT_EQ(run("").status, 2); }

} // namespace
} // namespace fenliu::apps::fenliu
