#include "transport/counted_address.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

namespace fenliu::transport {

std::string counted_address(std::string_view address) {
    const std::string text(address);
    std::array<unsigned char, 16> bytes{};
    if (::inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
    constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
        return ::inet_ntop(AF_INET, bytes.data() + mapped.size(), out.data(), out.size());
    std::fill(bytes.begin() + 8, bytes.end(), 0);
    return ::inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
}

} // namespace fenliu::transport
