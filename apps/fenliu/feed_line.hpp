// Events of the live feed as values: topics, gaps in a shop's numbers, one line of text for each. Pure; used by `fenliu feed`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "apps/fenliu/output.hpp"

namespace fenliu::apps::fenliu {

struct feed_event {
    std::string topic;       ///< `shop/<shop>/<event>`
    std::string shop, event; ///< its parts
    std::uint64_t n = 0;     ///< counts per shop from 1; 0: not given
    json body;
};

/// Nothing for a topic or body that is none.
[[nodiscard]] std::optional<feed_event> read_feed_event(std::string_view topic, std::string_view body);

/// The prefix to subscribe to: nothing → every shop, `demo` → that shop, `demo/assigned` or `shop/demo/assigned` → that event.
[[nodiscard]] std::string feed_topic(std::string_view asked);
/// Whether what was asked brings every event of the shops it brings: only then a gap in `n` means a loss.
[[nodiscard]] bool covers_whole_shops(std::string_view asked);

class gap_finder {
public:
    /// How many events of its shop were missed right before this one. A number that falls is a broker that restarted.
    [[nodiscard]] std::uint64_t missing_before(const feed_event& event);

private:
    std::map<std::string, std::uint64_t, std::less<>> last_;
};

/// `10:05:00 demo assigned conversation=c01 agent=demo:a1`.
[[nodiscard]] std::string render(const feed_event& event);

} // namespace fenliu::apps::fenliu
