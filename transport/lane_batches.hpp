// The events of one turn of the ROUTER thread, gathered into one batch a lane. Owned by the switchboard; ROUTER thread.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "transport/inbound_sink.hpp"

namespace fenliu::transport {

/// The frames that a turn received and the views of its events point into.
using frame_list = std::shared_ptr<const std::vector<zmq::message_t>>;

class lane_batches {
public:
    explicit lane_batches(inbound_sink& sink);

    /// A data message for the lane of a shop, or (50) for the administration.
    void add(received&& message, const std::shared_ptr<const identity>& who, std::string_view shop);
    void add_admin(received&& message, const std::shared_ptr<const identity>& who);
    /// News of a link: an agent's for the lane of its shop, another's for every lane.
    template <class News>
    void announce(const News& news, const identity& who) {
        if (who.role == protocol::role::agent) {
            lanes_[sink_.lane_of(who.shop)].events.emplace_back(news);
            return;
        }
        for (auto& lane : lanes_)
            lane.events.emplace_back(news);
    }
    /// Gives everything to the sink; the batches keep `frames` alive.
    void hand_over(const frame_list& frames);

private:
    inbound_sink& sink_;
    std::vector<inbound_batch> lanes_;
    inbound_batch admin_;
};

} // namespace fenliu::transport
