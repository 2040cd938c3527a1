// Addresses as limits count them. A pure function; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fenliu::transport {

/// IPv4 alone, of IPv6 the network (/64), since one machine has all of that.
[[nodiscard]] std::string counted_address(std::string_view address);

} // namespace fenliu::transport
