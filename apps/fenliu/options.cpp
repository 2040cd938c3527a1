#include "apps/fenliu/options.hpp"

#include <charconv>
#include <cmath>
#include <fstream>

namespace fenliu::apps::fenliu {

namespace {

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
    return code == std::errc() && end == text.data() + text.size() && port > 0 && port < 65'536;
}

} // namespace

std::string check_endpoint(const std::string& url) {
    const std::string_view text = url;
    const auto colon = text.rfind(':');
    if (text.starts_with("tcp://") && colon > 6 && is_port(text.substr(colon + 1))) return {};
    if (text.starts_with("ipc://") && text.size() > 6) return {};
    return "'" + url + "' is no endpoint; say tcp://HOST:PORT or ipc://PATH";
}

void add_common_options(CLI::App& program, common_options& options) {
    program.fallthrough();
    program.add_option("--url", options.url, "The broker's bus endpoint")->capture_default_str()->check(check_endpoint);
    program.add_option("--token-file", options.token_file, "A file whose first line is the access token");
    program.add_flag("--json", options.json, "Print JSON: one object, or one a line");
    program.add_flag("--quiet", options.quiet, "Print results and errors only");
    const auto set_timeout = [&options](const double& seconds) {
        options.timeout = std::chrono::milliseconds(std::llround(seconds * 1'000));
    };
    program.add_option_function<double>("--timeout", set_timeout, "Seconds to wait for the broker [5]")
        ->check(CLI::Range(0.01, 86'400.0));
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

} // namespace fenliu::apps::fenliu
