// Where a broker listens. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fenliu::bench {

struct endpoint {
    std::string host = "127.0.0.1", user, password;
    std::uint16_t port = 0;

    [[nodiscard]] std::string text() const { return host + ":" + std::to_string(port); }
};

/// `[scheme://][user:password@][host][:port]`; what is left out stays as in `usual`. Throws std::invalid_argument for a port that
/// is none.
[[nodiscard]] endpoint parse_endpoint(std::string_view url, endpoint usual);

} // namespace fenliu::bench
