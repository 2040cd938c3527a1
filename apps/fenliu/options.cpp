#include "apps/fenliu/options.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <string>
#include <utility>

#include "transport/keys.hpp"

namespace fenliu::apps::fenliu {

namespace {

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
    return code == std::errc() && end == text.data() + text.size() && port > 0 && port < 65'536;
}

/// Without an exponent.
std::string in_digits(double value) {
    std::array<char, 32> text{};
    const auto [end, code] = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return {text.data(), end};
}

std::string in_digits(std::uint64_t value) { return std::to_string(value); }

template <class Number>
CLI::Validator between(Number from, Number to, const std::string& kind) {
    const auto check = [=](const std::string& text) -> std::string {
        Number value{};
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (code == std::errc() && end == text.data() + text.size() && value >= from && value <= to) return {};
        return "'" + text + "' is no " + kind + " from " + in_digits(from) + " to " + in_digits(to);
    };
    return CLI::Validator{check, "in [" + in_digits(from) + " - " + in_digits(to) + "]"};
}

} // namespace

std::string check_endpoint(const std::string& url) {
    const std::string_view text = url;
    const auto colon = text.rfind(':');
    if (text.starts_with("tcp://") && colon > 6 && is_port(text.substr(colon + 1))) return {};
    if (text.starts_with("ipc://") && text.size() > 6) return {};
    return "'" + url + "' is no endpoint; say tcp://HOST:PORT or ipc://PATH";
}

CLI::Validator number_between(double from, double to) { return between(from, to, "number"); }

CLI::Validator whole_between(std::uint64_t from, std::uint64_t to) { return between(from, to, "whole number"); }

void add_common_options(CLI::App& program, common_options& options) {
    program.fallthrough();
    program.add_option("--url", options.url, "The broker's bus endpoint")
        ->capture_default_str()
        ->check(check_endpoint)
        ->envname("FENLIU_URL");
    program.add_option("--token-file", options.token_file, "A file whose first line is the access token")
        ->envname("FENLIU_TOKEN_FILE");
    program.add_option("--server-key", options.server_key_file, "The broker's public key file: speak encrypted, to it alone")
        ->envname("FENLIU_SERVER_KEY");
    program.add_option("--key", options.key_file, "This client's secret key file, to which its token is bound")
        ->envname("FENLIU_KEY");
    program.add_flag("--json", options.json, "Print JSON: one object, or one a line");
    program.add_flag("--quiet", options.quiet, "Print results and errors only");
    const auto set_timeout = [&options](const double& seconds) {
        options.timeout = std::chrono::milliseconds(std::llround(seconds * 1'000));
    };
    program.add_option_function<double>("--timeout", set_timeout, "Seconds to wait for the broker [5]")
        ->check(number_between(0.01, 86'400.0));
}

namespace {

std::optional<problem> read_key(const std::string& file, transport::key_kind kind, std::string& out) {
    if (file.empty()) return {};
    auto read = transport::read_key_file(file, kind);
    if (const auto* failed = std::get_if<protocol::failure>(&read)) return problem{exit_status::usage, failed->text};
    out = std::move(std::get<std::string>(read));
    return {};
}

std::optional<problem> read_token(common_options& options) {
    if (options.token_file.empty()) return {};
    std::ifstream file(options.token_file);
    if (!std::getline(file, options.token))
        return problem{exit_status::usage,
                       "cannot read a token from '" + options.token_file + "'; its first line must be the token"};
    const auto last = options.token.find_last_not_of(" \t\r");
    options.token.erase(last == std::string::npos ? 0 : last + 1);
    if (options.token.empty())
        return problem{exit_status::usage, "the first line of '" + options.token_file + "' is empty; it must be the token"};
    return {};
}

} // namespace

std::optional<problem> read_credentials(common_options& options) {
    using transport::key_kind;
    if (options.server_key_file.empty() && !options.key_file.empty())
        return problem{exit_status::usage, "--key is for brokers that are spoken to with --server-key"};
    if (auto bad = read_key(options.server_key_file, key_kind::curve_public, options.server_key)) return bad;
    if (auto bad = read_key(options.key_file, key_kind::curve_secret, options.secret_key)) return bad;
    return read_token(options);
}

} // namespace fenliu::apps::fenliu
