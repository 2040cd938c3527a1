#include "apps/fenliud/endpoint.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliud {
namespace {

TEST(endpoint, tcp_with_host_and_port_and_ipc_with_path_are_endpoints) {
    for (const auto* each : {"tcp://127.0.0.1:5570", "tcp://127.0.0.1:0", "tcp://127.0.0.1:*", "tcp://[::1]:65535", "tcp://*:1",
                             "ipc:///run/fenliu/bus", "ipc://bus"})
        EXPECT_EQ(check_endpoint(each), std::nullopt) << each;
}

TEST(endpoint, anything_else_is_told_what_is_wrong) {
    const std::string form = " is no endpoint; write tcp://HOST:PORT or ipc://PATH";
    EXPECT_EQ(check_endpoint("127.0.0.1:5570"), "\"127.0.0.1:5570\"" + form);
    EXPECT_EQ(check_endpoint("http://127.0.0.1:80"), "\"http://127.0.0.1:80\"" + form);
    EXPECT_EQ(check_endpoint("tcp://127.0.0.1"), "\"tcp://127.0.0.1\"" + form);
    EXPECT_EQ(check_endpoint("tcp://:5570"), "\"tcp://:5570\"" + form);
    EXPECT_EQ(check_endpoint(""), "\"\"" + form);
    const std::string port = " has no port of 0…65535 (0 picks a free one)";
    EXPECT_EQ(check_endpoint("tcp://127.0.0.1:"), "\"tcp://127.0.0.1:\"" + port);
    EXPECT_EQ(check_endpoint("tcp://127.0.0.1:65536"), "\"tcp://127.0.0.1:65536\"" + port);
    EXPECT_EQ(check_endpoint("tcp://127.0.0.1:55x"), "\"tcp://127.0.0.1:55x\"" + port);
    EXPECT_EQ(check_endpoint("ipc://"), "\"ipc://\" has no path; write ipc://PATH");
    EXPECT_EQ(check_endpoint("ipc:///" + std::string(107, 'x')),
              "\"ipc:///" + std::string(107, 'x') + "\" has a path of more than 107 bytes");
}

} // namespace
} // namespace fenliu::apps::fenliud
