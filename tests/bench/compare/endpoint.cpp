#include "tests/bench/compare/endpoint.hpp"

#include <charconv>
#include <stdexcept>

namespace fenliu::bench {

endpoint parse_endpoint(std::string_view url, endpoint usual) {
    const std::string whole{url};
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url = url.substr(0, url.find('/'));
    if (const auto at = url.rfind('@'); at != std::string_view::npos) {
        const auto who = url.substr(0, at);
        const auto colon = who.find(':');
        usual.user = who.substr(0, colon);
        usual.password = colon == std::string_view::npos ? "" : who.substr(colon + 1);
        url.remove_prefix(at + 1);
    }
    const auto colon = url.rfind(':');
    if (const auto host = url.substr(0, colon); !host.empty()) usual.host = host;
    if (colon == std::string_view::npos) return usual;
    const auto port = url.substr(colon + 1);
    const auto [end, wrong] = std::from_chars(port.data(), port.data() + port.size(), usual.port);
    if (wrong != std::errc{} || end != port.data() + port.size() || usual.port == 0)
        throw std::invalid_argument{whole + ": no port"};
    return usual;
}

} // namespace fenliu::bench
