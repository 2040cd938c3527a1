#include "apps/policy/list_reader.hpp"

#include <algorithm>
#include <unordered_set>

namespace fenliu::apps::policy {

bool read_list(table_reader& table, std::string_view key, std::string_view item, std::vector<placed_text>& out) {
    std::vector<placed_text> items;
    if (!table.read_texts(key, items)) return false;
    std::unordered_set<std::string_view> seen;
    for (const auto& each : items) {
        if (each.text.empty()) table.fail(each.at, "this " + std::string(item) + " is empty");
        if (each.text.size() > limits::label_bytes)
            table.fail(each.at,
                       "this " + std::string(item) + " is longer than " + std::to_string(limits::label_bytes) + " bytes");
        if (!seen.insert(each.text).second)
            table.fail(each.at, std::string(item) + " " + in_quotes(each.text) + " is there twice");
    }
    out = std::move(items);
    return true;
}

bool read_list(table_reader& table, std::string_view key, std::string_view item, std::vector<std::string>& out) {
    std::vector<placed_text> items;
    if (!read_list(table, key, item, items)) return false;
    out.clear();
    for (auto& each : items)
        out.push_back(std::move(each.text));
    return true;
}

void read_hours(table_reader& table, std::string_view key, routing::daily_hours& out) {
    std::vector<placed_text> items;
    if (!table.read_texts(key, items)) return;
    std::vector<routing::day_window> windows;
    for (const auto& each : items) {
        const auto window = routing::parse_day_window(each.text);
        if (!window) {
            const bool no_time = each.text.size() == 11 && each.text.substr(0, 5) == each.text.substr(6);
            table.fail(each.at, in_quotes(each.text) + (no_time ? " begins and ends at the same time; all day is 00:00-24:00"
                                                                : " is no part of a day; write HH:MM-HH:MM, 00:00 to 24:00"));
            continue;
        }
        const auto other = std::ranges::find_if(windows, [&](auto earlier) { return routing::overlap(earlier, *window); });
        if (other != windows.end())
            table.fail(each.at, in_quotes(each.text) + " overlaps " + in_quotes(routing::to_text(*other)));
        else
            windows.push_back(*window);
    }
    out = routing::daily_hours{std::move(windows)};
}

} // namespace fenliu::apps::policy
