#include "apps/policy/finding.hpp"

#include <algorithm>
#include <tuple>

#include "apps/policy/did_you_mean.hpp"

namespace fenliu::apps::policy {

void sort(findings& found) {
    std::stable_sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
        return std::tie(left.line, left.column) < std::tie(right.line, right.column);
    });
}

std::string to_text(findings found, std::string_view file, std::string_view mark) {
    sort(found);
    std::string text;
    for (const auto& each : found) {
        text.append(text.empty() ? "" : "\n").append(file);
        text.append(":" + std::to_string(each.line) + ":" + std::to_string(each.column) + ": ").append(mark).append(each.text);
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

} // namespace fenliu::apps::policy
