#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "apps/fenliud/command_line.hpp"
#include "tests/apps/fenliud/parsing.hpp"

namespace fenliu::apps::fenliud {
namespace {

/// A configuration file that a test changes, as an operator does before a reload.
class reload : public testing::Test {
protected:
    reload() {
        auto pattern = (std::filesystem::temp_directory_path() / "fenliud-reload-XXXXXX").string();
        directory_ = ::mkdtemp(pattern.data());
        wanted_.file = (directory_ / "f.toml").string();
    }
    ~reload() override { std::filesystem::remove_all(directory_); }

    void write(std::string_view text) const { std::ofstream(wanted_.file) << text; }
    [[nodiscard]] configuration loaded() const {
        auto result = load_configuration(wanted_);
        const auto* value = std::get_if<configuration>(&result);
        EXPECT_NE(value, nullptr);
        return value != nullptr ? *value : configuration();
    }
    [[nodiscard]] std::string failure() const {
        const auto result = load_configuration(wanted_);
        const auto* failed = std::get_if<protocol::failure>(&result);
        return failed != nullptr ? failed->text : "";
    }

    std::filesystem::path directory_;
    command_line wanted_;
};

TEST_F(reload, takes_what_the_file_says_now) {
    write("[[shop]]\nname = \"demo\"\n");
    EXPECT_EQ(loaded().broker.shops.size(), 1U);
    write("[[shop]]\nname = \"demo\"\n[[shop]]\nname = \"other\"\n");
    EXPECT_EQ(loaded().broker.shops.size(), 2U);
}

TEST_F(reload, a_file_with_an_error_is_refused_as_a_whole) {
    write("[[shop]]\nname = \"demo\"\ndefault_cap = -1\n[bsu]\n");
    EXPECT_EQ(failure(), wanted_.file + ":3:15: default_cap is -1, outside 0…100000\n" + wanted_.file +
                             ":4:2: unknown key \"bsu\" in the file, did you mean \"bus\"?");
}

TEST_F(reload, a_file_that_is_gone_is_refused) {
    EXPECT_EQ(failure(), wanted_.file + ": can't be read: No such file or directory");
}

TEST_F(reload, a_directory_is_no_file) {
    wanted_.file = directory_.string();
    EXPECT_EQ(failure(), directory_.string() + ": can't be read: it is no file with text");
}

TEST_F(reload, the_command_line_still_has_the_last_word) {
    write("[store]\ndirectory = \"there\"\nmemory = true\n");
    wanted_.data_directory = "here";
    EXPECT_EQ(loaded().store.directory, "here");
    EXPECT_FALSE(loaded().store.memory);
    wanted_.data_directory.clear();
    wanted_.demo = true;
    EXPECT_TRUE(loaded().store.memory);
    ASSERT_EQ(loaded().broker.shops.size(), 1U);
    EXPECT_EQ(loaded().broker.shops[0].name, "demo");
}

TEST_F(reload, the_files_own_demo_shop_is_kept) {
    write("[[shop]]\nname = \"demo\"\naccounts = [\"demo:eve\"]\n");
    wanted_.demo = true;
    ASSERT_EQ(loaded().broker.shops.size(), 1U);
    ASSERT_EQ(loaded().broker.shops[0].accounts.size(), 1U);
    EXPECT_EQ(loaded().broker.shops[0].accounts[0].name, "demo:eve");
}

TEST_F(reload, shops_tokens_and_the_log_need_no_new_start) {
    const auto running = parsed("");
    const auto wanted =
        parsed("auto_create = false\n[log]\nlevel = \"debug\"\n[defaults.queue]\noverload = true\n[[shop]]\nname = \"demo\"\n"
               "[[tokens]]\ntoken = \"t\"\nrole = \"admin\"");
    EXPECT_TRUE(settings_for_next_start(running, wanted).empty());
}

TEST_F(reload, what_only_a_new_start_changes_is_named) {
    const auto running = parsed("");
    const auto wanted = parsed("lanes = 2\n[bus]\nlisten = \"ipc://bus\"\nfeed = []\nheartbeat_ms = 100\n"
                               "session_expiry_ms = 1000\nwindow = 16\noutbox_bytes = 262144\nin_flight_bytes = 1048576\n"
                               "connections = 1\n[store]\ndirectory = \"there\"\nmemory = true");
    EXPECT_EQ(settings_for_next_start(running, wanted),
              (std::vector<std::string_view>{"lanes", "bus.listen", "bus.feed", "bus.heartbeat_ms", "bus.session_expiry_ms",
                                             "bus.window", "bus.outbox_bytes", "bus.in_flight_bytes", "bus.connections",
                                             "store.directory", "store.memory"}));
}

} // namespace
} // namespace fenliu::apps::fenliud
