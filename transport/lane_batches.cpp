#include "transport/lane_batches.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fenliu::transport {

lane_batches::lane_batches(inbound_sink& sink, std::function<void()> wake)
    : sink_(sink) {
    assert(sink.lane_count() > 0);
    for (unsigned i = 0; i < sink.lane_count(); ++i)
        lanes_.emplace_back(std::make_shared<lane_gate>(wake));
}

void lane_batches::add(received&& message, const std::shared_ptr<const identity>& who, std::string_view shop) {
    if (who->role == protocol::role::frontend) message.shop = shop;
    lanes_[sink_.lane_of(shop)].add(std::move(message), who);
}

void lane_batches::add_admin(received&& message, const std::shared_ptr<const identity>& who) {
    if (!admin_) admin_ = std::make_shared<drain>();
    admin_->identities.push_back(who);
    admin_->events.emplace_back(std::move(message));
}

void lane_batches::hand_over(const frame_list& frames) {
    const auto held_up = sink_.held_up();
    for (unsigned lane = 0; lane < lanes_.size(); ++lane)
        if (auto batch = lanes_[lane].take(frames, held_up); !batch.events.empty()) sink_.deliver(lane, std::move(batch));
    held_up_ = held_up != pressure::none && std::ranges::any_of(lanes_, &lane_turns::waits);
    if (!admin_) return;
    inbound_batch batch;
    admin_->frames = frames;
    for (auto& each : admin_->events)
        batch.events.push_back(&each);
    batch.drains.push_back(std::exchange(admin_, nullptr));
    sink_.deliver_admin(std::move(batch));
}

} // namespace fenliu::transport
