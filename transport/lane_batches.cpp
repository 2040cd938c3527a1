#include "transport/lane_batches.hpp"

#include <cassert>
#include <utility>

namespace fenliu::transport {

namespace {

void append(inbound_batch& batch, received&& message, const std::shared_ptr<const identity>& who) {
    // Messages of a session come in runs, so this holds each identity about once a frame.
    if (batch.identities.empty() || batch.identities.back() != who) batch.identities.push_back(who);
    batch.events.emplace_back(std::move(message));
}

} // namespace

lane_batches::lane_batches(inbound_sink& sink)
    : sink_(sink)
    , lanes_(sink.lane_count()) {
    assert(!lanes_.empty());
}

void lane_batches::add(received&& message, const std::shared_ptr<const identity>& who, std::string_view shop) {
    append(lanes_[sink_.lane_of(shop)], std::move(message), who);
}

void lane_batches::add_admin(received&& message, const std::shared_ptr<const identity>& who) {
    append(admin_, std::move(message), who);
}

void lane_batches::hand_over(const frame_list& frames) {
    for (unsigned lane = 0; lane < lanes_.size(); ++lane) {
        if (lanes_[lane].events.empty()) continue;
        lanes_[lane].frames = frames;
        sink_.deliver(lane, std::exchange(lanes_[lane], {}));
    }
    if (admin_.events.empty()) return;
    admin_.frames = frames;
    sink_.deliver_admin(std::exchange(admin_, {}));
}

} // namespace fenliu::transport
