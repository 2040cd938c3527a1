// How a lane says no: an error that names the message it answers, and a count.
#pragma once

#include <optional>
#include <string_view>

#include "actors/lane.hpp"
#include "protocol/error.hpp"

namespace fenliu::actors {

/// Answers the message `ref` of this link with `code`; an empty text is the code's own.
inline void refuse(lane& host, link_id link, std::optional<std::string_view> ref, protocol::errc code,
                   std::string_view text = {}) {
    if (text.empty()) text = protocol::describe(code);
    host.output().send(link, protocol::error{protocol::name(code), protocol::retryable(code), 0, ref, text});
}

/// The same, counted for the shop.
inline void refuse(lane& host, shop& shop, link_id link, std::optional<std::string_view> ref, protocol::errc code,
                   std::string_view text = {}) {
    ++shop.figures.rejected;
    refuse(host, link, ref, code, text);
}

} // namespace fenliu::actors
