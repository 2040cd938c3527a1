// How often an address may knock: a token bucket for each, in a table that is bounded. Owned by the doorkeeper and by the
// reception; ROUTER thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "protocol/limits.hpp"
#include "transport/instant.hpp"

namespace fenliu::transport {

/// As addresses are counted: IPv4 alone, of IPv6 the network (/64), since one machine has all of that.
[[nodiscard]] std::string counted_address(std::string_view address);

class address_guard {
public:
    /// `per_s` times a second, `saved_s` seconds of which are kept; of at most `most` addresses, of which the one that was quiet
    /// for longest makes room.
    explicit address_guard(std::uint32_t per_s, std::uint32_t saved_s = limits::handshakes_saved_s,
                           std::size_t most = limits::counted_addresses);

    /// Whether this address may once more; takes it.
    [[nodiscard]] bool allow(const std::string& counted, instant now);
    [[nodiscard]] std::size_t addresses() const noexcept { return by_address_.size(); }

private:
    struct bucket {
        std::string address;
        double left = 0;
        instant at;
    };

    double per_s_, full_;
    std::size_t most_;
    std::list<bucket> buckets_; // the one used last at the end
    std::unordered_map<std::string, std::list<bucket>::iterator> by_address_;
};

} // namespace fenliu::transport
