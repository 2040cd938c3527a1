#include "apps/fenliud/endpoint.hpp"

#include <charconv>
#include <cstdint>

#include "apps/policy/finding.hpp"

namespace fenliu::apps::fenliud {

namespace {

constexpr std::string_view tcp = "tcp://", ipc = "ipc://";
// sockaddr_un::sun_path with its closing zero.
constexpr std::size_t ipc_path_bytes = 107;

bool is_port(std::string_view text) noexcept {
    if (text == "*") return true;
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::optional<std::string> check_endpoint(std::string_view endpoint) {
    if (endpoint.starts_with(ipc)) {
        const std::size_t length = endpoint.size() - ipc.size();
        if (length == 0) return policy::in_quotes(endpoint) + " has no path; write ipc://PATH";
        if (length > ipc_path_bytes) return policy::in_quotes(endpoint) + " has a path of more than 107 bytes";
        return std::nullopt;
    }
    const auto colon = endpoint.rfind(':');
    if (!endpoint.starts_with(tcp) || colon <= tcp.size())
        return policy::in_quotes(endpoint) + " is no endpoint; write tcp://HOST:PORT or ipc://PATH";
    if (!is_port(endpoint.substr(colon + 1))) return policy::in_quotes(endpoint) + " has no port of 0…65535 (0 picks a free one)";
    return std::nullopt;
}

} // namespace fenliu::apps::fenliud
