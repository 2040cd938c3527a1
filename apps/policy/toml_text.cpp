#include "apps/policy/toml_text.hpp"

#include <array>
#include <charconv>

namespace fenliu::apps::policy {

std::string toml_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if (each == '"' || each == '\\')
            out.append({'\\', each});
        else if (byte < 0x20 || byte == 0x7f)
            out.append("\\u00").append({digits[byte >> 4U], digits[byte & 0xfU]});
        else
            out.push_back(each);
    }
    return out + '"';
}

std::string toml_number(double number) {
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    std::string out(digits.data(), written.ptr);
    if (out.find_first_of(".e") == std::string::npos) out += ".0";
    return out;
}

} // namespace fenliu::apps::policy
