#include "apps/policy/did_you_mean.hpp"

#include <algorithm>

namespace fenliu::apps::policy {

namespace {

/// The word cut into characters: each begins with a byte that is no continuation byte.
std::vector<std::string_view> characters_of(std::string_view word) {
    std::vector<std::string_view> characters;
    for (std::size_t begin = 0; begin < word.size();) {
        std::size_t end = begin + 1;
        while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xc0U) == 0x80U)
            ++end;
        characters.push_back(word.substr(begin, end - begin));
        begin = end;
    }
    return characters;
}

} // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
    const auto a = characters_of(left);
    const auto b = characters_of(right);
    std::vector<std::size_t> above_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        above_last.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], above_last[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::optional<std::string_view> did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
    const std::size_t length = characters_of(word).size();
    const std::size_t allowed = std::max<std::size_t>(1, length / 3);
    std::optional<std::string_view> nearest;
    std::size_t nearest_distance = std::min(allowed + 1, length);
    for (const auto candidate : candidates) {
        if (candidate.size() + nearest_distance <= length) continue; // so many characters are missing at least
        const std::size_t distance = edit_distance(word, candidate);
        if (distance >= nearest_distance) continue;
        nearest = candidate;
        nearest_distance = distance;
    }
    return nearest;
}

} // namespace fenliu::apps::policy
