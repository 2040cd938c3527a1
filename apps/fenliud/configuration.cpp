#include "apps/fenliud/configuration.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "apps/fenliud/endpoint.hpp"
#include "apps/fenliud/shop_table.hpp"
#include "apps/policy/policy_lint.hpp"
#include "apps/policy/policy_reader.hpp"
#include "apps/policy/shop_account.hpp"
#include "protocol/account.hpp"
#include "transport/curve.hpp"

namespace fenliu::apps::fenliud {

namespace {

using policy::in_quotes;
using policy::placed_text;
using policy::table_reader;

void read_endpoints(table_reader& table, std::string_view key, bool open, std::vector<std::string>& out) {
    std::vector<placed_text> endpoints;
    if (!table.read_texts(key, endpoints)) return;
    out.clear();
    for (auto& [endpoint, at] : endpoints) {
        if (const auto wrong = check_endpoint(endpoint))
            table.fail(at, std::string(key) + " " + *wrong);
        else if (!open && !transport::is_local(endpoint))
            table.fail(at, std::string(key) + " " + in_quotes(endpoint) +
                               " is open to other machines: name secret_key_file and issuer_key_file in [security] (fenliu "
                               "keygen makes them), or accept with --insecure that everything is in clear");
        else
            out.push_back(std::move(endpoint));
    }
}

void read_bus(const toml::table& settings, bool open, transport::socket_options& bus, policy::findings& errors) {
    table_reader table(settings, "[bus]", errors);
    read_endpoints(table, "listen", open, bus.bus);
    if (const auto* listen = settings.get_as<toml::array>("listen"); listen != nullptr && listen->empty())
        table.fail(*listen, "listen needs at least one endpoint");
    read_endpoints(table, "feed", open, bus.feed);
    table.read("heartbeat_ms", bus.heartbeat, limits::heartbeat_range_ms);
    table.read("session_expiry_ms", bus.session_expiry, limits::session_expiry_range_ms);
    table.read("window", bus.window, limits::window_range);
    table.read("outbox_bytes", bus.outbox_bytes, limits::outbox_range_bytes);
    table.read("in_flight_bytes", bus.in_flight_bytes, limits::in_flight_range_bytes);
    table.read("shop_rate", bus.shop_rate, limits::shop_rate_range);
    table.read("connections", bus.connections, limits::connections_range);
    table.finish();
}

void read_security(const toml::table& settings, key_files& keys, transport::security_options& security,
                   policy::findings& errors) {
    table_reader table(settings, "[security]", errors);
    std::string secret_key, issuer_key;
    table.read("secret_key_file", secret_key);
    table.read("issuer_key_file", issuer_key);
    keys = {secret_key, issuer_key};
    table.read("encrypt_loopback", security.encrypt_loopback);
    if (security.encrypt_loopback && secret_key.empty())
        table.fail(table.place_of("encrypt_loopback"), "encrypt_loopback needs secret_key_file");
    table.read("handshakes_per_s", security.handshakes_per_s, limits::handshakes_range);
    table.read("sessions_per_address", security.sessions_per_address, limits::connections_range);
    table.finish();
}

transport::token_grant read_token(const toml::table& settings, std::set<std::string>& seen, policy::findings& errors) {
    using protocol::role;
    table_reader table(settings, "[[tokens]]", errors);
    transport::token_grant grant;
    if (placed_text token; table.require_text("token", token)) {
        if (token.text.size() > limits::string_bytes)
            table.fail(token.at, "token is longer than " + std::to_string(limits::string_bytes) + " bytes");
        if (!seen.insert(token.text).second) table.fail(token.at, "this token is there twice");
        grant.token = std::move(token.text);
    }
    if (!settings.contains("role")) table.fail(settings, "[[tokens]] needs role");
    table.read<role>("role", grant.role, {{"frontend", role::frontend}, {"agent", role::agent}, {"admin", role::admin}});
    table.read("shop", grant.shop);
    if (!grant.shop.empty())
        if (const auto failed = protocol::check_shop(grant.shop)) table.fail(table.place_of("shop"), failed->text);
    table.read("account", grant.account);
    if (!grant.account.empty()) {
        const auto at = table.place_of("account");
        if (settings.contains("role") && grant.role != role::agent) table.fail(at, "account is for role = \"agent\" only");
        if (policy::check_account_of(grant.shop, {grant.account, at}, table)) grant.shop = protocol::shop_of(grant.account);
    }
    table.finish();
    return grant;
}

void read_tokens(table_reader& root, std::vector<transport::token_grant>& tokens, policy::findings& errors) {
    std::set<std::string> seen;
    for (const toml::table* settings : root.read_tables("tokens"))
        tokens.push_back(read_token(*settings, seen, errors));
}

void read_store(const toml::table& settings, store_settings& store, policy::findings& errors) {
    table_reader table(settings, "[store]", errors);
    std::string directory;
    table.read("directory", directory);
    store.directory = directory;
    table.read("memory", store.memory);
    table.finish();
}

void read_log(const toml::table& settings, log_settings& log, policy::findings& errors) {
    table_reader table(settings, "[log]", errors);
    table.read<log_level>(
        "level", log.level,
        {{"debug", log_level::debug}, {"info", log_level::info}, {"warn", log_level::warn}, {"error", log_level::error}});
    table.read<log_format>("format", log.format,
                           {{"auto", log_format::automatic}, {"text", log_format::text}, {"json", log_format::json}});
    table.finish();
}

void read_defaults(const toml::table& settings, routing::policy& defaults, policy::findings& errors) {
    table_reader table(settings, "[defaults]", errors);
    policy::read_policy(table, "defaults.", nullptr, defaults, errors);
    table.finish();
}

void read_shops(table_reader& root, actors::broker_options& broker, policy::findings& errors) {
    std::map<std::string, toml::source_index> seen;
    for (const toml::table* settings : root.read_tables("shop")) {
        auto shop = read_shop(*settings, broker.defaults, errors);
        if (shop.name.empty()) continue;
        const auto at = settings->get("name")->source().begin;
        const auto [first, added] = seen.emplace(shop.name, at.line);
        if (added)
            broker.shops.push_back(std::move(shop));
        else
            root.fail(at, "shop " + in_quotes(shop.name) + " is there twice, first in line " + std::to_string(first->second));
    }
}

configuration read_root(const toml::table& file, bool insecure, policy::findings& errors) {
    configuration wanted = default_configuration();
    table_reader root(file, "the file", errors);
    root.read("auto_create", wanted.broker.auto_create);
    root.read("lanes", wanted.broker.lanes, limits::lanes_range);
    auto& security = wanted.broker.socket.security;
    security.insecure = insecure;
    read_security(root.read_table("security"), wanted.keys, security, errors);
    const bool guarded = !wanted.keys.secret_key.empty() && !wanted.keys.issuer_key.empty();
    read_bus(root.read_table("bus"), insecure || guarded, wanted.broker.socket, errors);
    read_tokens(root, wanted.broker.socket.tokens, errors);
    read_store(root.read_table("store"), wanted.store, errors);
    read_log(root.read_table("log"), wanted.log, errors);
    read_defaults(root.read_table("defaults"), wanted.broker.defaults, errors);
    read_shops(root, wanted.broker, errors);
    root.finish();
    return wanted;
}

/// Of [defaults] and of every shop's policy. What a shop's table doesn't name is told where it stands: in [defaults].
policy::findings lint(const toml::table& file, const actors::broker_options& broker) {
    policy::findings warnings;
    if (const auto* defaults = file["defaults"].as_table()) warnings = policy::lint(*defaults, broker.defaults);
    for (std::size_t at = 0; at < broker.shops.size(); ++at) {
        const auto& shop = *file["shop"][at].as_table();
        const auto begin = shop.source().begin;
        for (auto& each : policy::lint(shop, broker.shops[at].policy))
            if (each.line != begin.line || each.column != begin.column) warnings.push_back(std::move(each));
    }
    policy::sort(warnings);
    return warnings;
}

} // namespace

configuration default_configuration() {
    configuration defaults;
    defaults.broker.socket.bus = {"tcp://127.0.0.1:5570"};
    defaults.broker.socket.feed = {"tcp://127.0.0.1:5571"};
    return defaults;
}

std::variant<configuration, policy::findings> parse_configuration(std::string_view text, bool insecure) {
    policy::findings errors;
    try {
        const auto file = toml::parse(text);
        auto wanted = read_root(file, insecure, errors);
        if (errors.empty()) {
            wanted.warnings = lint(file, wanted.broker);
            return wanted;
        }
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        errors.push_back({at.line, at.column, std::string(error.description())});
    }
    return errors;
}

std::vector<std::string_view> settings_for_next_start(const configuration& running, const configuration& wanted) {
    const auto& was = running.broker.socket;
    const auto& now = wanted.broker.socket;
    std::vector<std::string_view> keys;
    const auto compare = [&keys](std::string_view key, const auto& left, const auto& right) {
        if (left != right) keys.push_back(key);
    };
    compare("lanes", running.broker.lanes, wanted.broker.lanes);
    compare("bus.listen", was.bus, now.bus);
    compare("bus.feed", was.feed, now.feed);
    compare("bus.heartbeat_ms", was.heartbeat, now.heartbeat);
    compare("bus.session_expiry_ms", was.session_expiry, now.session_expiry);
    compare("bus.window", was.window, now.window);
    compare("bus.outbox_bytes", was.outbox_bytes, now.outbox_bytes);
    compare("bus.in_flight_bytes", was.in_flight_bytes, now.in_flight_bytes);
    compare("bus.shop_rate", was.shop_rate, now.shop_rate);
    compare("bus.connections", was.connections, now.connections);
    compare("security.secret_key_file", running.keys.secret_key, wanted.keys.secret_key);
    compare("security.issuer_key_file", running.keys.issuer_key, wanted.keys.issuer_key);
    compare("security.encrypt_loopback", was.security.encrypt_loopback, now.security.encrypt_loopback);
    compare("security.handshakes_per_s", was.security.handshakes_per_s, now.security.handshakes_per_s);
    compare("security.sessions_per_address", was.security.sessions_per_address, now.security.sessions_per_address);
    compare("store.directory", running.store.directory, wanted.store.directory);
    compare("store.memory", running.store.memory, wanted.store.memory);
    return keys;
}

} // namespace fenliu::apps::fenliud
