#include "apps/fenliu/settings.hpp"

#include <charconv>
#include <system_error>

namespace fenliu::apps::fenliu {

std::vector<std::string> listed(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto item = text.substr(0, comma);
        if (!item.empty()) items.emplace_back(item);
        text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    }
    return items;
}

std::optional<std::chrono::hours> age_of(std::string_view text) {
    constexpr int century_of_days = 36'500;
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 1 || count > century_of_days || end + 1 != text.data() + text.size()) return std::nullopt;
    const int days = *end == 'd' ? count : *end == 'w' ? 7 * count : *end == 'y' ? 365 * count : 0;
    if (days < 1 || days > century_of_days) return std::nullopt;
    return std::chrono::hours{24} * days;
}

} // namespace fenliu::apps::fenliu
