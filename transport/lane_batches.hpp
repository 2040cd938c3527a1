// What the lanes and the administration get of each turn of the ROUTER thread. Owned by the switchboard; ROUTER thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "transport/inbound_sink.hpp"
#include "transport/lane_turns.hpp"

namespace fenliu::transport {

class lane_batches {
public:
    /// `wake` makes the ROUTER thread call `hand_over` soon; any thread calls it.
    lane_batches(inbound_sink& sink, std::function<void()> wake);

    /// A data message for the lane of a shop, or (50) for the administration.
    void add(received&& message, const std::shared_ptr<const identity>& who, std::string_view shop);
    void add_admin(received&& message, const std::shared_ptr<const identity>& who);
    /// News of a link: an agent's for the lane of its shop, another's for every lane.
    template <class News>
    void announce(const News& news, const std::shared_ptr<const identity>& who) {
        if (who->role == protocol::role::agent) {
            lanes_[sink_.lane_of(who->shop)].add(news, who);
            return;
        }
        for (auto& lane : lanes_)
            lane.add(news, who);
    }
    /// Gives the sink what there is room for; the batches keep `frames` alive.
    void hand_over(const frame_list& frames);
    /// Something waits for what no lane tells of: it is to be tried again soon.
    [[nodiscard]] bool held_up() const noexcept { return held_up_; }
    /// Bytes of what this shop's frontends sent and waits for its turn.
    [[nodiscard]] std::size_t held_bytes(std::string_view shop) const { return lanes_[sink_.lane_of(shop)].held_bytes(shop); }

private:
    inbound_sink& sink_;
    std::vector<lane_turns> lanes_;
    std::shared_ptr<drain> admin_; ///< null: nothing
    bool held_up_ = false;
};

} // namespace fenliu::transport
