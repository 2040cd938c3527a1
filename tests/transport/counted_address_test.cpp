#include <gtest/gtest.h>

#include "transport/counted_address.hpp"
#include "transport/remote.hpp"

namespace fenliu::transport {
namespace {

TEST(counted_address_, takes_a_network_of_ipv6_and_a_mapped_ipv4_for_one) {
    EXPECT_EQ(counted_address("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(counted_address("::ffff:192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(counted_address("2001:db8:1:2:3:4:5:6"), counted_address("2001:db8:1:2::7"));
    EXPECT_NE(counted_address("2001:db8:1:2::7"), counted_address("2001:db8:1:3::7"));
}

TEST(remote_, is_near_by_loopback_and_ipc_alone) {
    const auto near = [](std::string address) { return remote{{}, std::move(address)}.near(); };
    for (const char* address : {"", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost:0:0:4711"})
        EXPECT_TRUE(near(address)) << address;
    for (const char* address : {"192.0.2.1", "::ffff:192.0.2.1", "1127.0.0.1", "12.7.0.1", "2001:db8::1", "::", "localhost", "x"})
        EXPECT_FALSE(near(address)) << address;
    EXPECT_FALSE((remote{{}, "127.0.0.1"}.counted()));
    EXPECT_TRUE((remote{"key", "127.0.0.1"}.counted()));
    EXPECT_TRUE((remote{{}, "192.0.2.1"}.counted()));
}

} // namespace
} // namespace fenliu::transport
