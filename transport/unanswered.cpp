#include "transport/unanswered.hpp"

#include <algorithm>

namespace fenliu::transport {

void unanswered::add(const protocol::message& message, std::string_view encoded, std::uint64_t number) {
    const std::uint64_t place = first_ + entries_.size();
    entry added{std::string(encoded), {}, number, std::holds_alternative<protocol::presence_change>(message), false};
    if (const auto ref = protocol::ref_of(message); ref && !ref->empty()) {
        added.ref = *ref;
        by_ref_.emplace(added.ref, place);
    } else {
        without_ref_.push_back(place);
    }
    entries_.push_back(std::move(added));
    ++open_;
}

void unanswered::answered(const protocol::message& answer) {
    const auto ref = protocol::ref_of(answer);
    if (!ref) return;
    const auto [from, to] = by_ref_.equal_range(*ref);
    if (from == to) return;
    // The broker answers in the order in which it was asked.
    const auto oldest =
        std::min_element(from, to, [](const auto& left, const auto& right) { return left.second < right.second; });
    const std::uint64_t place = oldest->second;
    by_ref_.erase(oldest);
    at(place).ref.clear();
    finish(place);
    drop_done();
}

void unanswered::acked(std::uint64_t number) {
    while (!without_ref_.empty() && at(without_ref_.front()).number <= number) {
        finish(without_ref_.front());
        without_ref_.pop_front();
    }
    drop_done();
}

void unanswered::finish(std::uint64_t place) {
    entry& of = at(place);
    if (!of.ref.empty()) {
        const auto [from, to] = by_ref_.equal_range(of.ref);
        by_ref_.erase(std::find_if(from, to, [&](const auto& each) { return each.second == place; }));
    }
    of = {};
    of.done = true;
    --open_;
}

void unanswered::drop_done() {
    while (!entries_.empty() && entries_.front().done) {
        entries_.pop_front();
        ++first_;
    }
}

} // namespace fenliu::transport
