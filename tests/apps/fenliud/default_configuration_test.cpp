#include "apps/fenliud/default_configuration.hpp"

#include <tuple>

#include "tests/apps/fenliud/parsing.hpp"
#include "tests/apps/policy/example.hpp"

namespace fenliu::apps::fenliud {
namespace {

auto fields(const transport::socket_options& value) {
    return std::tie(value.bus, value.feed, value.heartbeat, value.session_expiry, value.window, value.outbox_bytes,
                    value.in_flight_bytes, value.connections, value.security.encrypt_loopback, value.security.handshakes_per_s,
                    value.security.sessions_per_address);
}

std::string with_examples() { return policy::with_examples(default_configuration_text()); }

TEST(default_configuration, reads_back_as_the_defaults) {
    const auto read = parsed(default_configuration_text());
    const auto defaults = default_configuration();
    EXPECT_EQ(read.broker.auto_create, defaults.broker.auto_create);
    EXPECT_EQ(read.broker.lanes, defaults.broker.lanes);
    EXPECT_EQ(fields(read.broker.socket), fields(defaults.broker.socket));
    EXPECT_EQ(policy::fields_of(read.broker.defaults), policy::fields_of(defaults.broker.defaults));
    EXPECT_TRUE(read.broker.socket.tokens.empty());
    EXPECT_TRUE(read.broker.shops.empty());
    EXPECT_EQ(read.store.directory, defaults.store.directory);
    EXPECT_EQ(read.store.memory, defaults.store.memory);
    EXPECT_EQ(read.log.level, defaults.log.level);
    EXPECT_EQ(read.log.format, defaults.log.format);
}

TEST(default_configuration, its_examples_are_right) {
    const auto read = parsed(with_examples());
    ASSERT_EQ(read.broker.shops.size(), 1U);
    EXPECT_EQ(read.broker.shops[0].accounts.size(), 2U);
    EXPECT_EQ(read.broker.shops[0].policy.groups.size(), 2U);
    EXPECT_EQ(read.broker.socket.tokens.size(), 1U);
}

TEST(default_configuration, names_every_key) {
    const auto text = with_examples();
    for (const auto& header :
         {"", "[bus]", "[security]", "[store]", "[log]", "[defaults]", "[defaults.queue]", "[defaults.robot]",
          "[defaults.priority]", "[defaults.emergency]", "[defaults.offline]", "[[defaults.window]]"})
        policy::expect_every_key(text, header, errors_of(std::string(header) + "\nzzzzzzzz = 1\n"));
    policy::expect_every_key(text, "[[tokens]]", errors_of("[[tokens]]\ntoken = \"t\"\nrole = \"admin\"\nzzzzzzzz = 1\n"));
}

TEST(default_configuration, the_ranges_it_tells_are_those_in_force) {
    EXPECT_EQ(policy::expect_ranges(default_configuration_text(), [](const std::string& text) { return errors_of(text); }), 22);
}

} // namespace
} // namespace fenliu::apps::fenliud
