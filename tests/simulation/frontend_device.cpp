#include "frontend_device.hpp"

#include <algorithm>

namespace fenliu::simulation {

void frontend_device::attach(const std::string& shop, const std::string& buyer) {
    auto& view = shown_[{shop, buyer}];
    if (!view.entitled) view.entitled = true; // from the very first reply on
    // Not above the newest reply it got: one of an attach that was under way when the session ended may be missing below it.
    const auto id = view.from.first == 0 ? std::string{} : routing::to_id(view.from.first);
    send(protocol::attach{shop, buyer, id, view.from.second});
}

void frontend_device::on_message(const protocol::message& message) {
    if (const auto* stored = std::get_if<protocol::stored>(&message)) {
        const auto asked = asked_.find(std::string{stored->msg_id});
        if (asked == asked_.end()) return;
        const auto [shop, buyer] = asked->second;
        asked_.erase(asked);
        auto& view = shown_[{shop, buyer}];
        if (std::exchange(view.entitled, true)) return;
        view.from = {routing::from_id(stored->conversation), stored->seq};
        if (stored->duplicate) attach(shop, buyer); // answers may have come since it was stored
    } else if (const auto* reply = std::get_if<protocol::reply>(&message)) {
        auto& view = shown_[{std::string{reply->shop}, std::string{reply->buyer}}];
        view.replies.emplace(routing::from_id(reply->conversation), reply->seq);
    }
}

void frontend_device::on_open(bool resumed, bool first) {
    if (resumed || first) return;
    for (auto& [who, view] : shown_) {
        if (!view.entitled) continue; // its publish is sent again
        attach(who.first, who.second);
    }
}

} // namespace fenliu::simulation
