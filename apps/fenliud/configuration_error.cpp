#include "apps/fenliud/configuration_error.hpp"

#include <algorithm>
#include <tuple>

#include "apps/fenliud/did_you_mean.hpp"

namespace fenliu::apps::fenliud {

std::string to_text(configuration_errors errors, std::string_view file) {
    std::stable_sort(errors.begin(), errors.end(), [](const auto& left, const auto& right) {
        return std::tie(left.line, left.column) < std::tie(right.line, right.column);
    });
    std::string text;
    for (const auto& each : errors) {
        text.append(text.empty() ? "" : "\n").append(file);
        text.append(":" + std::to_string(each.line) + ":" + std::to_string(each.column) + ": " + each.text);
    }
    return text;
}

std::string in_quotes(std::string_view word) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "\"";
    for (const char each : word) {
        const auto byte = static_cast<unsigned char>(each);
        if (byte < 0x20 || byte == 0x7f)
            text.append("\\x").append({digits[byte >> 4U], digits[byte & 0xfU]});
        else
            text.push_back(each);
    }
    return text + '"';
}

std::string unknown(std::string_view what, std::string_view word, std::string_view where,
                    const std::vector<std::string_view>& known) {
    std::string text = "unknown " + std::string(what) + " " + in_quotes(word) + std::string(where);
    if (const auto meant = did_you_mean(word, known)) return text + ", did you mean " + in_quotes(*meant) + "?";
    for (std::size_t i = 0; i < known.size(); ++i)
        text.append(i == 0 ? "; known: " : ", ").append(known[i]);
    return text;
}

} // namespace fenliu::apps::fenliud
