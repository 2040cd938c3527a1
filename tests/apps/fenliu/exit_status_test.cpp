// Runs the program itself: its exit status and error lines are part of its interface.
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/apps/fenliu/program_run.hpp"

namespace fenliu::apps::fenliu {
namespace {

outcome run(const std::string& arguments) { return run_program(arguments); }

/// An endpoint that nobody listens at: its port is held, but not listened on, until the object goes.
class silent_endpoint {
public:
    silent_endpoint() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(socket_, plain, size), 0);
        EXPECT_EQ(::getsockname(socket_, plain, &size), 0);
        url_ = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    }
    ~silent_endpoint() { ::close(socket_); }
    silent_endpoint(const silent_endpoint&) = delete;
    silent_endpoint& operator=(const silent_endpoint&) = delete;
    [[nodiscard]] const std::string& url() const { return url_; }

private:
    int socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    std::string url_;
};

TEST(exit_status, help_names_the_commands_and_the_statuses) {
    const auto help = run("--help");
    EXPECT_EQ(help.status, 0);
    for (const auto* word : {"publish", "agent", "feed", "history", "explain", "agents", "queue", "status", "replay", "assign",
                             "buyer", "shop", "policy", "audit", "Exit status"})
        EXPECT_NE(help.text.find(word), std::string::npos) << word;
}

TEST(exit_status, a_number_that_is_none_is_told_the_bounds) {
    for (const auto* wrong : {"--duration 8s", "--duration 0", "--duration nan"}) {
        const auto ended = run(std::string("bench ") + wrong);
        EXPECT_EQ(ended.status, 2) << wrong;
        EXPECT_NE(ended.text.find("is no number from 0.1 to 86400"), std::string::npos) << ended.text;
    }
    for (const auto* wrong : {"bench --agents 1.5", "bench --agents -1", "audit demo --limit 0", "audit demo --limit x"}) {
        const auto ended = run(wrong);
        EXPECT_EQ(ended.status, 2) << wrong;
        EXPECT_NE(ended.text.find("is no whole number from 1 to 1000000"), std::string::npos) << ended.text;
    }
}

TEST(exit_status, wrong_usage_is_2_with_one_line_that_says_what) {
    for (const auto* wrong : {"",
                              "publihs demo ann hi",
                              "publish demo",
                              "status --url nonsense",
                              "status --url tcp://host:0",
                              "replay x --speed slow",
                              "replay x --agents 0",
                              "replay x --shop a --shops-from-file",
                              "replay no-such-file",
                              "status --token-file no-such-file",
                              "explain",
                              "explain c1 --agent demo:amy",
                              "explain --waiting ann",
                              "explain --agent demo:12",
                              "explain c1 --lang fr",
                              "agents",
                              "agents set demo",
                              "agents set demo amy bob",
                              "agents set demo amy --participating maybe",
                              "shop demo --now",
                              "shop demo --rating best",
                              "buyer demo",
                              "policy test demo other",
                              "policy test - --text hi",
                              "policy test demo --at noon",
                              "policy put demo no-such-file",
                              "agent demo other:amy",
                              "agent demo 123",
                              "publish a/b ann hi"}) {
        const auto ended = run(wrong);
        EXPECT_EQ(ended.status, 2) << wrong;
        EXPECT_EQ(ended.text.find('\n'), ended.text.size() - 1) << ended.text;
        EXPECT_EQ(ended.text.rfind("fenliu: ", 0), 0U) << ended.text;
    }
}

TEST(exit_status, an_unknown_command_is_named_with_the_one_that_was_meant) {
    EXPECT_EQ(run("publihs demo ann hi").text,
              "fenliu: there is no command fenliu publihs, did you mean publish? (see fenliu --help)\n");
    EXPECT_EQ(run("policy chekc f.toml").text,
              "fenliu: there is no command fenliu policy chekc, did you mean check? (see fenliu policy --help)\n");
    EXPECT_EQ(run("coffee").text, "fenliu: there is no command fenliu coffee (see fenliu --help)\n");
}

TEST(exit_status, a_full_width_colon_is_refused_with_the_remedy) {
    const auto ended = run("agent demo demo：amy");
    EXPECT_EQ(ended.status, 2);
    EXPECT_NE(ended.text.find("half-width"), std::string::npos) << ended.text;
}

TEST(exit_status, a_broker_that_is_not_there_is_3_and_names_how_to_start_one) {
    const silent_endpoint nobody;
    for (const std::string command : {"status",
                                      "publish demo ann hi",
                                      "agents demo",
                                      "queue demo",
                                      "history demo ann",
                                      "explain c1",
                                      "agents set demo amy",
                                      "assign c1 demo:amy",
                                      "buyer demo ann",
                                      "shop demo",
                                      "audit",
                                      "policy get demo",
                                      "policy history demo",
                                      "erase demo ann --yes",
                                      "prune demo --older-than 2d",
                                      "token revoke t-1",
                                      "policy diff demo",
                                      "policy rollback demo 1",
                                      "policy test demo --text hi",
                                      "agent demo amy --echo",
                                      "replay " FENLIU_DEMO_FILE " --quiet"}) {
        const auto ended = run(command + " --timeout 0.2 --url " + nobody.url());
        EXPECT_EQ(ended.status, 3) << command;
        EXPECT_EQ(ended.text, "fenliu: no broker answers at " + nobody.url() + "; start one with: fenliud --demo\n");
    }
}

TEST(exit_status, a_feed_that_is_not_there_is_3) {
    const silent_endpoint nobody;
    const auto ended = run("feed demo --timeout 0.2 --feed-url " + nobody.url());
    EXPECT_EQ(ended.status, 3);
    EXPECT_NE(ended.text.find("fenliud --demo"), std::string::npos);
}

} // namespace
} // namespace fenliu::apps::fenliu
