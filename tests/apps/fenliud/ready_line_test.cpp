#include "apps/fenliud/ready_line.hpp"

#include <gtest/gtest.h>

#include "apps/fenliud/demo_shop.hpp"

namespace fenliu::apps::fenliud {
namespace {

const std::vector<std::string> usual_bus{"tcp://127.0.0.1:5570"}, usual_feed{"tcp://127.0.0.1:5571"};

TEST(ready_line, names_the_endpoints_and_a_command_to_try) {
    EXPECT_EQ(ready_line("0.1.0", default_configuration(), usual_bus, usual_feed),
              "fenliud 0.1.0 ready: bus tcp://127.0.0.1:5570, feed tcp://127.0.0.1:5571 — try: fenliu publish demo alice "
              "\"hello\" --wait");
}

TEST(ready_line, the_command_goes_to_the_endpoint_that_was_bound) {
    EXPECT_EQ(
        ready_line("0.1.0", default_configuration(), {"tcp://127.0.0.1:40001", "ipc:///tmp/bus"}, {}),
        "fenliud 0.1.0 ready: bus tcp://127.0.0.1:40001 and ipc:///tmp/bus — try: fenliu publish demo alice \"hello\" --wait "
        "--url tcp://127.0.0.1:40001");
}

TEST(ready_line, the_command_names_a_shop_that_exists) {
    auto running = default_configuration();
    running.broker.auto_create = false;
    EXPECT_TRUE(ready_line("0.1.0", running, usual_bus, usual_feed).ends_with("try: fenliu status"));
    running.broker.shops.push_back({"茶铺", {}, {}});
    add_demo_shop(running);
    EXPECT_TRUE(ready_line("0.1.0", running, usual_bus, usual_feed).ends_with("try: fenliu publish 茶铺 alice \"hello\" --wait"));
}

TEST(ready_line, the_command_asks_for_a_token_where_one_is_needed) {
    auto running = default_configuration();
    running.broker.socket.tokens.push_back({"secret", protocol::role::admin, "", ""});
    const auto line = ready_line("0.1.0", running, usual_bus, usual_feed);
    EXPECT_TRUE(line.ends_with("--wait --token-file FILE"));
    EXPECT_EQ(line.find("secret"), std::string::npos);
    running.broker.socket.tokens.clear();
    running.broker.socket.security.issuer_public = "issuer";
    EXPECT_TRUE(ready_line("0.1.0", running, usual_bus, usual_feed).ends_with("--wait --token-file FILE"));
}

TEST(ready_line, the_command_asks_for_keys_where_the_endpoint_is_encrypted) {
    auto running = default_configuration();
    auto& security = running.broker.socket.security;
    security.curve_secret = "secret";
    security.issuer_public = "issuer";
    const auto ends = [&](const std::string& endpoint, const std::string& end) {
        return ready_line("0.1.0", running, {endpoint}, {}).ends_with(endpoint + end);
    };
    EXPECT_TRUE(ends("tcp://0.0.0.0:5570", " --server-key FILE --key FILE --token-file FILE"));
    EXPECT_TRUE(ends("tcp://127.0.0.1:40001", " --token-file FILE"));
    security.encrypt_loopback = true;
    EXPECT_TRUE(ends("tcp://127.0.0.1:40001", " --server-key FILE --key FILE --token-file FILE"));
    EXPECT_TRUE(ends("ipc:///tmp/bus", " --token-file FILE"));
    security.issuer_public.clear();
    EXPECT_TRUE(ends("tcp://0.0.0.0:5570", " --server-key FILE"));
}

} // namespace
} // namespace fenliu::apps::fenliud
