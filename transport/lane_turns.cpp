#include "transport/lane_turns.hpp"

#include <utility>

#include "protocol/limits.hpp"

namespace fenliu::transport {

void lane_turns::add(event&& what, const std::shared_ptr<const identity>& who) {
    if (!fresh_) fresh_ = std::make_shared<drain>();
    // Messages of a session come in runs, so this holds each identity about once a frame.
    if (fresh_->identities.empty() || fresh_->identities.back() != who) fresh_->identities.push_back(who);
    fresh_->events.push_back(std::move(what));
}

inbound_batch lane_turns::take(const frame_list& frames, pressure held_up) {
    if (!waits() && !fresh_) return {};
    const auto room = [&] {
        const auto in_hand = gate_->in_hand();
        return in_hand < limits::lane_backlog ? limits::lane_backlog - in_hand : 0;
    };
    if (fresh_) fresh_->frames = frames;
    inbound_batch batch;
    if (!waits() && held_up == pressure::none && fresh_->events.size() <= room()) {
        batch.events.reserve(fresh_->events.size());
        for (auto& each : fresh_->events)
            batch.events.push_back(&each);
        batch.drains.push_back(std::exchange(fresh_, nullptr));
    } else {
        hold_back();
        gate_->hold(); // before the look at the room that decides
        take_turns(batch, room(), held_up);
    }
    if (batch.events.empty()) return batch;
    gate_->entered(batch.events.size());
    batch.receipt = lane_receipt(gate_, batch.events.size());
    return batch;
}

std::size_t lane_turns::held_bytes(std::string_view shop) const {
    const auto found = by_shop_.find(shop);
    return found == by_shop_.end() ? 0 : found->second->bytes;
}

void lane_turns::hold_back() {
    if (!fresh_) return;
    const auto from = drains_.insert(drains_.end(), {std::exchange(fresh_, nullptr), 0});
    from->events = from->of->events.size();
    for (auto& each : from->of->events)
        hold_back({&each, from});
}

void lane_turns::hold_back(const held& one) {
    const auto* message = std::get_if<received>(one.what);
    if (message == nullptr || message->shop.empty()) {
        first_.push_back(one);
        return;
    }
    auto found = by_shop_.find(message->shop);
    if (found == by_shop_.end()) {
        shops_.push_back({std::string{message->shop}, {}, 0});
        found = by_shop_.emplace(shops_.back().shop, std::prev(shops_.end())).first;
    }
    found->second->bytes += message->bytes;
    found->second->events.push_back(one);
}

void lane_turns::pass(inbound_batch& to, std::deque<held>& from) {
    const held one = from.front();
    from.pop_front();
    if (to.drains.empty() || to.drains.back() != one.from->of) to.drains.push_back(one.from->of);
    to.events.push_back(one.what);
    if (--one.from->events == 0) drains_.erase(one.from);
}

void lane_turns::take_turns(inbound_batch& batch, std::size_t room, pressure held_up) {
    // Buyers keep an eighth, whatever agents send.
    const std::size_t for_first = shops_.empty() ? room : room - room / 8;
    while (!first_.empty() && batch.events.size() < for_first)
        pass(batch, first_);
    for (std::size_t passed_over = 0; passed_over < shops_.size() && batch.events.size() < room;) {
        auto& shop = shops_.front();
        if (held_up == pressure::full || (held_up == pressure::some && shop.events.size() > limits::turn_messages)) {
            shops_.splice(shops_.end(), shops_, shops_.begin());
            ++passed_over;
            continue;
        }
        for (std::size_t i = 0; i < limits::turn_messages && !shop.events.empty() && batch.events.size() < room; ++i) {
            shop.bytes -= std::get<received>(*shop.events.front().what).bytes;
            pass(batch, shop.events);
        }
        if (!shop.events.empty()) {
            shops_.splice(shops_.end(), shops_, shops_.begin());
            continue;
        }
        by_shop_.erase(shop.shop);
        shops_.pop_front();
    }
}

} // namespace fenliu::transport
