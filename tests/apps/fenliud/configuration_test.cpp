#include "tests/apps/fenliud/parsing.hpp"

namespace fenliu::apps::fenliud {
namespace {

using namespace std::chrono_literals;

TEST(configuration, an_empty_file_is_the_default) {
    const auto value = parsed("");
    EXPECT_EQ(value.broker.socket.bus, std::vector<std::string>{"tcp://127.0.0.1:5570"});
    EXPECT_EQ(value.broker.socket.feed, std::vector<std::string>{"tcp://127.0.0.1:5571"});
    EXPECT_TRUE(value.broker.auto_create);
    EXPECT_TRUE(value.broker.socket.tokens.empty());
}

TEST(configuration, every_section_reaches_its_options) {
    const auto value = parsed(R"(
auto_create = false
lanes = 3
[bus]
listen = ["tcp://127.0.0.1:0", "ipc:///tmp/bus"]
feed = []
heartbeat_ms = 1000
session_expiry_ms = 2000
window = 16
outbox_bytes = 262144
in_flight_bytes = 1048576
connections = 10
[store]
directory = "here"
memory = true
[log]
level = "debug"
format = "json"
[defaults]
profile = "seed"
[defaults.queue]
limit = 7
[defaults.offline]
policy = "pool"
)");
    EXPECT_FALSE(value.broker.auto_create);
    EXPECT_EQ(value.broker.lanes, 3U);
    EXPECT_EQ(value.broker.socket.bus, (std::vector<std::string>{"tcp://127.0.0.1:0", "ipc:///tmp/bus"}));
    EXPECT_TRUE(value.broker.socket.feed.empty());
    EXPECT_EQ(value.broker.socket.heartbeat, 1'000ms);
    EXPECT_EQ(value.broker.socket.session_expiry, 2'000ms);
    EXPECT_EQ(value.broker.socket.window, 16U);
    EXPECT_EQ(value.broker.socket.outbox_bytes, 262'144U);
    EXPECT_EQ(value.broker.socket.in_flight_bytes, 1'048'576U);
    EXPECT_EQ(value.broker.socket.connections, 10U);
    EXPECT_EQ(value.store.directory, "here");
    EXPECT_TRUE(value.store.memory);
    EXPECT_EQ(value.log.level, log_level::debug);
    EXPECT_EQ(value.log.format, log_format::json);
    EXPECT_EQ(value.broker.defaults.profile, routing::contact_profile::seed);
    EXPECT_EQ(value.broker.defaults.offline, routing::offline_policy::pool);
    EXPECT_EQ(value.broker.defaults.queue_limit, 7U);
}

TEST(configuration, an_unknown_key_names_the_one_that_was_meant) {
    EXPECT_EQ(errors_of("[bus]\n  heartbeet_ms = 5\n"),
              "f.toml:2:3: unknown key \"heartbeet_ms\" in [bus], did you mean \"heartbeat_ms\"?");
}

TEST(configuration, an_unknown_key_far_from_all_lists_the_known_ones) {
    EXPECT_EQ(errors_of("[store]\nwhere = 5\n"), "f.toml:2:1: unknown key \"where\" in [store]; known: directory, memory");
}

TEST(configuration, an_unknown_section_is_an_unknown_key_of_the_file) {
    EXPECT_EQ(errors_of("[buss]\n"), "f.toml:1:2: unknown key \"buss\" in the file, did you mean \"bus\"?");
}

TEST(configuration, a_wrong_type_says_what_is_there) {
    EXPECT_EQ(errors_of("auto_create = 1\n"), "f.toml:1:15: auto_create must be true or false, not an integer");
    EXPECT_EQ(errors_of("lanes = \"many\"\n"), "f.toml:1:9: lanes must be an integer, not a text");
    EXPECT_EQ(errors_of("lanes = 1.5\n"), "f.toml:1:9: lanes must be an integer, not a number with a fraction");
    EXPECT_EQ(errors_of("bus = 1\n"), "f.toml:1:7: bus must be a table: write [bus], not an integer");
    EXPECT_EQ(errors_of("[shop]\nname = \"demo\"\n"), "f.toml:1:1: shop must be an array of tables: write [[shop]], not a table");
    EXPECT_EQ(errors_of("[bus]\nlisten = 5570\n"), "f.toml:2:10: listen must be a text or an array of texts, not an integer");
    EXPECT_EQ(errors_of("[bus]\nfeed = [\"tcp://127.0.0.1:1\", 2]\n"),
              "f.toml:2:30: an item of feed must be a text, not an integer");
    EXPECT_EQ(errors_of("[store]\ndirectory = true\n"), "f.toml:2:13: directory must be a text, not true or false");
    EXPECT_EQ(errors_of("tokens = [1979-05-27]\n"), "f.toml:1:11: an item of tokens must be a table, not a date or time");
}

TEST(configuration, a_value_out_of_range_is_told_the_range) {
    EXPECT_EQ(errors_of("[bus]\nheartbeat_ms = 50\n"), "f.toml:2:16: heartbeat_ms is 50, outside 100…600000");
    EXPECT_EQ(errors_of("[bus]\nwindow = 65537\n"), "f.toml:2:10: window is 65537, outside 16…65536");
    EXPECT_EQ(errors_of("lanes = -1\n"), "f.toml:1:9: lanes is -1, outside 0…256");
}

TEST(configuration, an_unknown_word_names_the_one_that_was_meant) {
    EXPECT_EQ(errors_of("[defaults]\nprofile = \"modren\"\n"),
              "f.toml:2:11: unknown profile \"modren\", did you mean \"modern\"?");
    EXPECT_EQ(errors_of("[log]\nlevel = \"chatty\"\n"), "f.toml:2:9: unknown level \"chatty\"; known: debug, info, warn, error");
}

TEST(configuration, something_that_is_no_endpoint_is_refused) {
    EXPECT_EQ(errors_of("[bus]\nlisten = \"5570\"\n"),
              "f.toml:2:10: listen \"5570\" is no endpoint; write tcp://HOST:PORT or ipc://PATH");
    EXPECT_EQ(errors_of("[bus]\nlisten = []\n"), "f.toml:2:10: listen needs at least one endpoint");
}

TEST(configuration, an_endpoint_for_other_machines_is_refused_with_a_remedy) {
    const std::string file = "[bus]\nlisten = \"tcp://0.0.0.0:5570\"\n";
    EXPECT_EQ(errors_of(file),
              "f.toml:2:10: listen \"tcp://0.0.0.0:5570\" is open to other machines: name secret_key_file and issuer_key_file in "
              "[security] (fenliu keygen makes them), or accept with --insecure that everything is in clear");
    EXPECT_EQ(parsed(file, true).broker.socket.bus, std::vector<std::string>{"tcp://0.0.0.0:5570"});
    EXPECT_NE(errors_of(std::string(file) + "[security]\nsecret_key_file = \"broker.key\"\n"), "") << "who may come is not said";
    const auto guarded =
        parsed(std::string(file) + "[security]\nsecret_key_file = \"broker.key\"\nissuer_key_file = \"/i.pub\"\n");
    EXPECT_EQ(guarded.keys.secret_key, "broker.key");
    EXPECT_EQ(guarded.keys.issuer_key, "/i.pub");
    EXPECT_FALSE(guarded.broker.socket.security.insecure);
}

TEST(configuration, defaults_have_no_proxy) {
    EXPECT_EQ(errors_of("[defaults.offline]\npolicy = \"proxy\"\n"),
              "f.toml:2:10: a proxy is an account, so it stands in the [[shop]] that has it");
}

TEST(configuration, all_errors_are_told_in_order_of_place) {
    EXPECT_EQ(errors_of("lanes = 300\n[log]\nlevel = 1\n[bus]\nwindow = 1\nfede = 2\n"),
              "f.toml:1:9: lanes is 300, outside 0…256\n"
              "f.toml:3:9: level must be a text, not an integer\n"
              "f.toml:5:10: window is 1, outside 16…65536\n"
              "f.toml:6:1: unknown key \"fede\" in [bus], did you mean \"feed\"?");
}

TEST(configuration, what_its_policies_cant_mean_is_a_warning_told_once_where_it_stands) {
    const auto found = parsed("[defaults]\ndefault_cap = 0\n[[shop]]\nname = \"tea\"\n[[shop.group]]\nid = \"g\"\nmembers = []\n"
                              "tags = \"t\"\n[[shop]]\nname = \"rice\"\n")
                           .warnings;
    EXPECT_EQ(policy::to_text(found, "f.toml"),
              "f.toml:2:15: default_cap is 0: an account that has no other cap gets forwards only\n"
              "f.toml:7:11: nobody serves group \"g\": it has no members");
    EXPECT_TRUE(parsed("[[shop]]\nname = \"tea\"\n").warnings.empty());
}

TEST(configuration, a_text_that_is_no_toml_is_told_where) {
    EXPECT_EQ(errors_of("lanes = 1\n[bus\n"), "f.toml:2:5: Error while parsing table header: expected ']', saw '\\n'");
}

TEST(configuration, control_characters_of_a_file_are_made_visible) {
    EXPECT_EQ(
        errors_of("\"a\\u001bb\" = 1\n"),
        "f.toml:1:1: unknown key \"a\\x1bb\" in the file; known: auto_create, lanes, security, bus, tokens, store, log, defaults, shop");
}

} // namespace
} // namespace fenliu::apps::fenliud
