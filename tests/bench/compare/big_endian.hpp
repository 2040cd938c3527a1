// Numbers as MQTT and AMQP write them: the highest byte first. Pure.
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace fenliu::bench {

template <std::unsigned_integral Number>
void append_big_endian(std::string& to, Number number) {
    for (std::size_t i = sizeof number; i-- > 0;)
        to += static_cast<char>(number >> (8 * i) & 0xff);
}

/// `bytes` has as many at least.
template <std::unsigned_integral Number>
[[nodiscard]] Number read_big_endian(std::string_view bytes) {
    Number found = 0;
    for (std::size_t i = 0; i < sizeof found; ++i)
        found = static_cast<Number>(found << 8 | static_cast<unsigned char>(bytes[i]));
    return found;
}

} // namespace fenliu::bench
