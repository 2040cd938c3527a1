#include "routing/record.hpp"

#include <array>

namespace fenliu::routing {
namespace {

constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base 32, lower case
constexpr std::size_t id_digits = 13;                                   // 13 × 5 bits hold 64

} // namespace

std::string_view name(conversation_state value) noexcept {
    constexpr std::array<std::string_view, 6> names{"new", "robot", "queued", "pooled", "assigned", "closed"};
    return names[static_cast<std::size_t>(value)];
}

std::string_view name(failing value) noexcept {
    constexpr std::array<std::string_view, failings> names{"candidate",         "robot",     "offline", "suspended",
                                                           "not_participating", "off_shift", "full"};
    return names[static_cast<std::size_t>(value)];
}

std::string_view name(side value) noexcept {
    constexpr std::array<std::string_view, 4> names{"buyer", "agent", "robot", "system"};
    return names[static_cast<std::size_t>(value)];
}

std::string to_id(conversation_number number) {
    std::string id(1 + id_digits, 'c');
    for (std::size_t i = id_digits; i > 0; --i, number >>= 5)
        id[i] = digits[number & 31];
    return id;
}

conversation_number from_id(std::string_view id) noexcept {
    if (id.size() != 1 + id_digits || id[0] != 'c' || digits.find(id[1]) > 15) return 0;
    conversation_number number = 0;
    for (const char c : id.substr(1)) {
        const auto digit = digits.find(c);
        if (digit == std::string_view::npos) return 0;
        number = number << 5 | digit;
    }
    return number;
}

} // namespace fenliu::routing
