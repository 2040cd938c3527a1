#include "apps/fenliu/feed_line.hpp"

#include <utility>

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/display_width.hpp"

namespace fenliu::apps::fenliu {

namespace {
constexpr std::string_view root = "shop/";
}

std::optional<feed_event> read_feed_event(std::string_view topic, std::string_view body) {
    if (!topic.starts_with(root)) return {};
    const auto rest = topic.substr(root.size());
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) return {};
    feed_event out{std::string(topic), std::string(rest.substr(0, slash)), std::string(rest.substr(slash + 1)), 0, body_of(body)};
    if (!out.body.is_object()) return {};
    if (const auto n = out.body.find("n"); n != out.body.end() && n->is_number_unsigned()) out.n = n->get<std::uint64_t>();
    return out;
}

std::string feed_topic(std::string_view asked) {
    if (asked.starts_with(root)) asked.remove_prefix(root.size());
    std::string out(root);
    out += asked;
    // The slash ends a shop's name: `demo` must not bring `demo2`.
    if (!asked.empty() && asked.find('/') == std::string_view::npos) out += '/';
    return out;
}

bool covers_whole_shops(std::string_view asked) {
    const auto topic = feed_topic(asked);
    return topic == root || topic.find('/', root.size()) == topic.size() - 1;
}

std::uint64_t gap_finder::missing_before(const feed_event& event) {
    if (event.n == 0) return 0;
    auto [place, fresh] = last_.try_emplace(event.shop, event.n);
    const auto before = std::exchange(place->second, event.n);
    return fresh || event.n <= before ? 0 : event.n - before - 1;
}

std::string render(const feed_event& event) {
    const auto at = local_time(number(event.body, "ts"));
    std::string out = (at.size() > 11 ? at.substr(11) : at) + " " + event.shop + " " + event.event;
    for (const auto& [field, value] : event.body.items()) {
        if (field == "n" || field == "ts" || value.is_null()) continue;
        out += " " + field + "=" + cell(event.body, field);
    }
    return printable(out);
}

} // namespace fenliu::apps::fenliu
