#include "apps/fenliud/default_configuration.hpp"

#include <regex>
#include <sstream>
#include <tuple>

#include "tests/apps/fenliud/parsing.hpp"

namespace fenliu::apps::fenliud {
namespace {

auto fields(const routing::policy& value) {
    return std::tie(value.profile, value.queue_enabled, value.queue_limit, value.offline, value.proxy, value.overload,
                    value.direct_diversion, value.direct_grace_ms, value.repeat_entry_min, value.session_silence_ms,
                    value.loss_grace_ms, value.default_cap);
}

auto fields(const transport::socket_options& value) {
    return std::tie(value.bus, value.feed, value.heartbeat, value.session_expiry, value.window, value.outbox_bytes,
                    value.in_flight_bytes, value.connections);
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    std::istringstream stream{std::string(text)};
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

/// The text with its examples (lines that begin with # and no blank) made settings.
std::string with_examples() {
    std::string text;
    for (const auto& line : lines_of(default_configuration_text())) {
        const bool example = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        text.append(example ? line.substr(1) : line).append("\n");
    }
    return text;
}

TEST(default_configuration, reads_back_as_the_defaults) {
    const auto read = parsed(default_configuration_text());
    const auto defaults = default_configuration();
    EXPECT_EQ(read.broker.auto_create, defaults.broker.auto_create);
    EXPECT_EQ(read.broker.lanes, defaults.broker.lanes);
    EXPECT_EQ(fields(read.broker.socket), fields(defaults.broker.socket));
    EXPECT_EQ(fields(read.broker.defaults), fields(defaults.broker.defaults));
    EXPECT_TRUE(read.broker.defaults.groups.empty());
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

// The keys that a section knows are listed by the error about one that is far from all of them.
TEST(default_configuration, names_every_key) {
    struct section {
        std::string header, file;
    };
    const std::vector<section> sections{
        {"", "zzzzzzzz = 1\n"},
        {"[bus]", "[bus]\nzzzzzzzz = 1\n"},
        {"[[tokens]]", "[[tokens]]\ntoken = \"t\"\nrole = \"admin\"\nzzzzzzzz = 1\n"},
        {"[store]", "[store]\nzzzzzzzz = 1\n"},
        {"[log]", "[log]\nzzzzzzzz = 1\n"},
        {"[defaults]", "[defaults]\nzzzzzzzz = 1\n"},
        {"[[shop.group]]", "[[shop]]\nname = \"s\"\n[[shop.group]]\nid = \"a\"\nmembers = \"s\"\nzzzzzzzz = 1\n"}};
    const auto text = "\n" + with_examples();
    for (const auto& [header, file] : sections) {
        const auto error = errors_of(file);
        const auto list = error.find("; known: ");
        ASSERT_NE(list, std::string::npos) << error;
        const auto begin = header.empty() ? 0 : text.find("\n" + header + "\n");
        ASSERT_NE(begin, std::string::npos) << header;
        const std::regex word("[a-z_]+");
        const auto known = error.substr(list + 9);
        for (std::sregex_iterator each(known.begin(), known.end(), word), end; each != end; ++each) {
            const auto key = each->str();
            const bool named = text.find("\n" + key + " = ", begin) != std::string::npos ||
                               text.find("\n[" + key + "]\n") != std::string::npos ||
                               text.find("\n[[" + key + "]]\n") != std::string::npos;
            EXPECT_TRUE(named) << key << " of " << header;
        }
    }
}

TEST(default_configuration, the_ranges_it_tells_are_those_in_force) {
    const std::regex range(R"(\((-?[0-9]+)…([0-9]+)\)$)");
    const std::regex setting(R"(^([a-z_]+) = [0-9]+$)");
    std::string header, documented_from, documented_to;
    int checked = 0;
    for (const auto& line : lines_of(default_configuration_text())) {
        std::smatch found;
        if (line.starts_with("[")) header = line + "\n";
        if (std::regex_search(line, found, range)) {
            documented_from = found[1];
            documented_to = found[2];
        } else if (std::regex_match(line, found, setting)) {
            const std::string key = found[1];
            ASSERT_FALSE(documented_to.empty()) << key << " has no range";
            const auto with = [&](long long value) { return errors_of(header + key + " = " + std::to_string(value) + "\n"); };
            const auto from = std::stoll(documented_from);
            const auto to = std::stoll(documented_to);
            EXPECT_EQ(with(from) + with(to), "");
            EXPECT_NE(with(from - 1).find("outside " + documented_from + "…" + documented_to), std::string::npos)
                << with(from - 1);
            EXPECT_NE(with(to + 1).find("outside " + documented_from + "…" + documented_to), std::string::npos) << with(to + 1);
            documented_to.clear();
            ++checked;
        }
    }
    EXPECT_EQ(checked, 13);
}

} // namespace
} // namespace fenliu::apps::fenliud
