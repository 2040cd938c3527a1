#include "transport/lane_turns.hpp"

#include <cassert>
#include <utility>

#include "protocol/limits.hpp"
#include "transport/permission.hpp"

namespace fenliu::transport {

namespace {

void append(inbound_batch& batch, event&& what, const std::shared_ptr<const identity>& who) {
    // Messages of a session come in runs, so this holds each identity about once a frame.
    if (batch.identities.empty() || batch.identities.back() != who) batch.identities.push_back(who);
    batch.events.push_back(std::move(what));
}

void keep(inbound_batch& batch, const frame_list& frames) {
    if (frames && (batch.frames.empty() || batch.frames.back() != frames)) batch.frames.push_back(frames);
}

/// The shop whose turn a frontend's message waits for; nothing for what goes first.
std::string_view shop_in_turn(const event& what) {
    const auto* message = std::get_if<received>(&what);
    if (message == nullptr || message->who->role != protocol::role::frontend) return {};
    const destination to = destination_of(*message->who, message->message);
    const auto* shop = std::get_if<to_shop>(&to);
    assert(shop != nullptr);
    return shop->shop;
}

} // namespace

void lane_turns::add(event&& what, const std::shared_ptr<const identity>& who) { append(fresh_, std::move(what), who); }

inbound_batch lane_turns::take(const frame_list& frames, pressure held_up) {
    if (!waits() && fresh_.events.empty()) return {};
    const auto room = [&] {
        const auto in_hand = gate_->in_hand();
        return in_hand < limits::lane_backlog ? limits::lane_backlog - in_hand : 0;
    };
    inbound_batch batch;
    if (!waits() && held_up == pressure::none && fresh_.events.size() <= room()) {
        batch = std::exchange(fresh_, {});
        keep(batch, frames);
    } else {
        hold_back(frames);
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

void lane_turns::hold_back(const frame_list& frames) {
    auto who = fresh_.identities.begin(); // in the order of the events
    for (auto& each : fresh_.events) {
        if (const auto* message = std::get_if<received>(&each))
            while (who->get() != message->who)
                ++who;
        hold_back({std::move(each), *who, frames});
    }
    fresh_ = {};
}

void lane_turns::hold_back(held&& one) {
    const auto shop = shop_in_turn(one.what);
    if (shop.empty()) {
        first_.push_back(std::move(one));
        return;
    }
    auto found = by_shop_.find(shop);
    if (found == by_shop_.end()) {
        shops_.push_back({std::string{shop}, {}, 0});
        found = by_shop_.emplace(shops_.back().shop, std::prev(shops_.end())).first;
    }
    found->second->bytes += std::get<received>(one.what).bytes;
    found->second->events.push_back(std::move(one));
}

void lane_turns::pass(inbound_batch& to, std::deque<held>& from) {
    held one = std::move(from.front());
    from.pop_front();
    keep(to, one.frames);
    append(to, std::move(one.what), one.who);
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
            shop.bytes -= std::get<received>(shop.events.front().what).bytes;
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
