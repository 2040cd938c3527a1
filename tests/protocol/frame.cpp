#include "tests/protocol/frame.hpp"

#include <cstdint>

namespace fenliu::protocol {

std::string packed(const nlohmann::json& array) {
    std::string bytes;
    nlohmann::json::to_msgpack(array, bytes);
    return bytes;
}

std::string from_hex(std::string_view digits) {
    const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
    std::string bytes;
    int high = -1;
    for (const char digit : digits) {
        if (digit == ' ') continue;
        if (high < 0) {
            high = value(digit);
            continue;
        }
        bytes.push_back(static_cast<char>(high << 4 | value(digit)));
        high = -1;
    }
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char byte : bytes) {
        hex.push_back(digits[static_cast<std::uint8_t>(byte) >> 4]);
        hex.push_back(digits[static_cast<std::uint8_t>(byte) & 15]);
    }
    return hex;
}

std::string encoded(const message& value) {
    std::string bytes;
    encode(bytes, value);
    return bytes;
}

decoded::decoded(std::string_view frame)
    : frame_(frame.begin(), frame.end()) {
    decoder reader;
    outcome_ = reader.decode({frame_.data(), frame_.size()}, messages_);
}

} // namespace fenliu::protocol
