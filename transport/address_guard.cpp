#include "transport/address_guard.hpp"

#include <algorithm>
#include <array>
#include <chrono>

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

address_guard::address_guard(std::uint32_t per_s, std::uint32_t saved_s, std::size_t most)
    : per_s_(per_s)
    , full_(static_cast<double>(per_s) * saved_s)
    , most_(most) {}

bool address_guard::allow(const std::string& counted, instant now) {
    auto found = by_address_.find(counted);
    if (found == by_address_.end()) {
        if (buckets_.size() >= most_) {
            by_address_.erase(buckets_.front().address);
            buckets_.pop_front();
        }
        buckets_.push_back({counted, full_, now});
        found = by_address_.emplace(counted, std::prev(buckets_.end())).first;
    }
    bucket& of = *found->second;
    buckets_.splice(buckets_.end(), buckets_, found->second);
    of.left = std::min(full_, of.left + per_s_ * std::chrono::duration<double>(now - of.at).count());
    of.at = now;
    if (of.left < 1) return false;
    of.left -= 1;
    return true;
}

} // namespace fenliu::transport
