#include "routing/waiting_line.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace fenliu::routing {

void waiting_line::join(waiting_buyer buyer) {
    if (contains(buyer.number)) return;
    preferring_ += !buyer.preferred.empty();
    const auto number = buyer.number;
    places_.emplace(number, line_.insert(std::move(buyer)).first);
}

bool waiting_line::leave(conversation_number number) {
    const auto found = places_.find(number);
    if (found == places_.end()) return false;
    preferring_ -= !found->second->preferred.empty();
    line_.erase(found->second);
    places_.erase(found);
    return true;
}

const waiting_buyer* waiting_line::first_after_ageing(timestamp_ms now, ageing by) const {
    const waiting_buyer* first = head();
    if (first == nullptr || by.step_ms <= 0) return first;
    const auto rank = [&](const waiting_buyer& each) {
        const auto steps = std::max<timestamp_ms>(now - each.since, 0) / by.step_ms;
        return each.wait_class + std::min<timestamp_ms>(steps, by.classes);
    };
    // The oldest of each class has risen furthest of it.
    for (auto each = line_.begin(); each != line_.end();) {
        const bool higher = rank(*each) > rank(*first) || (rank(*each) == rank(*first) && each->since < first->since);
        if (higher) first = &*each;
        if (each->wait_class == 0) break;
        waiting_buyer next;
        next.wait_class = static_cast<std::uint8_t>(each->wait_class - 1);
        next.since = std::numeric_limits<timestamp_ms>::min();
        each = line_.lower_bound(next);
    }
    return first;
}

const waiting_buyer* waiting_line::next_for(std::string_view account, timestamp_ms now, ageing by) const {
    const waiting_buyer* first = first_after_ageing(now, by);
    if (preferring_ > 0)
        for (auto each = line_.find(*first); each != line_.end() && each->wait_class == first->wait_class; ++each)
            if (each->preferred == account) return &*each;
    return first;
}

std::uint32_t waiting_line::position(conversation_number number) const {
    const auto found = places_.find(number);
    if (found == places_.end()) return 0;
    return static_cast<std::uint32_t>(std::distance(line_.begin(), found->second)) + 1;
}

void waiting_line::slot_given(timestamp_ms now) {
    constexpr double share_of_newest = 0.2;
    if (last_slot_ != 0) {
        const auto interval = static_cast<double>(std::max<timestamp_ms>(now - last_slot_, 0));
        slot_interval_ms_ += share_of_newest * (interval - slot_interval_ms_);
    }
    last_slot_ = now;
}

std::uint32_t waiting_line::estimate_s(std::uint32_t position) const noexcept {
    return static_cast<std::uint32_t>(std::ceil(position * slot_interval_ms_ / 1'000));
}

} // namespace fenliu::routing
