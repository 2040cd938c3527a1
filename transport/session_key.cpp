#include "transport/session_key.hpp"

#include <charconv>
#include <cstdlib>
#include <system_error>

#include <sys/random.h>

namespace fenliu::transport {

namespace {

constexpr std::size_t half_digits = 16;

void append_hex(std::string& out, std::uint64_t half) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (int shift = 60; shift >= 0; shift -= 4)
        out.push_back(digits[half >> shift & 0xf]);
}

bool parse_hex(std::string_view text, std::uint64_t& half) noexcept {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), half, 16);
    return fault == std::errc() && end == text.data() + text.size();
}

} // namespace

session_key session_key::random() {
    session_key key;
    // Up to 256 bytes come whole once the generator is seeded; without it no session id would be unguessable.
    if (::getrandom(&key, sizeof key, 0) != static_cast<ssize_t>(sizeof key)) std::abort();
    return key;
}

std::optional<session_key> session_key::parse(std::string_view text) noexcept {
    session_key key;
    if (text.size() != 2 * half_digits) return std::nullopt;
    if (!parse_hex(text.substr(0, half_digits), key.high) || !parse_hex(text.substr(half_digits), key.low)) return std::nullopt;
    return key;
}

std::string session_key::text() const {
    std::string out;
    out.reserve(2 * half_digits);
    append_hex(out, high);
    append_hex(out, low);
    return out;
}

} // namespace fenliu::transport
