#include <gtest/gtest.h>

#include "transport/address_guard.hpp"
#include "transport/remote.hpp"

namespace fenliu::transport {
namespace {

using namespace std::chrono_literals;

const instant noon = instant{} + 12h;

TEST(address_guard_, lets_an_address_knock_as_often_as_it_may_and_again_after_a_while) {
    address_guard guard(2, 5);
    for (int knock = 0; knock < 10; ++knock)
        EXPECT_TRUE(guard.allow("192.0.2.1", noon));
    EXPECT_FALSE(guard.allow("192.0.2.1", noon));
    EXPECT_TRUE(guard.allow("192.0.2.2", noon)) << "another address has its own count";
    EXPECT_TRUE(guard.allow("192.0.2.1", noon + 500ms));
    EXPECT_FALSE(guard.allow("192.0.2.1", noon + 500ms));
    EXPECT_TRUE(guard.allow("192.0.2.1", noon + 1h));
}

TEST(address_guard_, keeps_a_bounded_table_of_the_addresses_that_knocked_last) {
    address_guard guard(1, 1, 100);
    for (int address = 0; address < 10'000; ++address)
        EXPECT_TRUE(guard.allow(std::to_string(address), noon));
    EXPECT_EQ(guard.addresses(), 100U);
    EXPECT_FALSE(guard.allow("9999", noon));
    EXPECT_TRUE(guard.allow("1", noon)) << "forgotten";
}

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
