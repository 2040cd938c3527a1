#include "transport/unanswered.hpp"

#include <algorithm>
#include <functional>

namespace fenliu::transport {

namespace {

/// Hashes looked at in one go: without a way out in between several are compared at once.
constexpr std::size_t stride = 64;

std::uint32_t hash_of(std::string_view ref) noexcept {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(ref)) | 1U; // 0 is nobody's
}

} // namespace

void unanswered::add(const protocol::message& message, std::string_view encoded, std::uint64_t number) {
    const auto ref = protocol::ref_of(message).value_or(std::string_view());
    if (ref.empty()) ++without_ref_;
    const entry added{.begin = messages_.add(encoded),
                      .ref_begin = refs_.add(ref),
                      .number = number,
                      .size = static_cast<std::uint32_t>(encoded.size()),
                      .ref_size = static_cast<std::uint32_t>(ref.size()),
                      .presence = std::holds_alternative<protocol::presence_change>(message)};
    entries_.push_back(added);
    ref_hashes_.push_back(ref.empty() ? 0 : hash_of(ref));
    ++open_;
}

std::size_t unanswered::find(std::string_view ref) const noexcept {
    const std::uint32_t wanted = hash_of(ref);
    for (std::size_t from = head_; from < entries_.size(); from += stride) {
        const std::size_t to = std::min(from + stride, entries_.size());
        std::uint32_t found = 0;
        for (std::size_t place = from; place < to; ++place)
            found |= ref_hashes_[place] == wanted ? 1U : 0U;
        for (std::size_t place = from; found != 0 && place < to; ++place)
            if (ref_hashes_[place] == wanted && ref_of(entries_[place]) == ref) return place;
    }
    return entries_.size();
}

void unanswered::answered(const protocol::message& answer) {
    const auto ref = protocol::ref_of(answer);
    if (!ref || ref->empty()) return;
    // The oldest: the broker answers in the order in which it was asked.
    const std::size_t place = find(*ref);
    if (place == entries_.size()) return;
    finish(place);
    drop_done();
}

void unanswered::acked(std::uint64_t number) {
    for (std::size_t place = head_; without_ref_ > 0 && place < entries_.size(); ++place) {
        const entry& each = entries_[place];
        if (each.done) continue; // its number may be an earlier session's
        if (each.number > number) break;
        if (each.ref_size == 0) finish(place);
    }
    drop_done();
}

void unanswered::finish(std::size_t place) noexcept {
    if (entries_[place].ref_size == 0) --without_ref_;
    entries_[place].done = true;
    ref_hashes_[place] = 0;
    --open_;
}

void unanswered::drop_done() {
    while (head_ < entries_.size() && entries_[head_].done)
        ++head_;
    if (head_ <= entries_.size() / 2) return;
    const auto count = static_cast<std::ptrdiff_t>(head_);
    const bool none_left = head_ == entries_.size();
    messages_.drop_below(none_left ? messages_.end() : entries_[head_].begin);
    refs_.drop_below(none_left ? refs_.end() : entries_[head_].ref_begin);
    entries_.erase(entries_.begin(), entries_.begin() + count);
    ref_hashes_.erase(ref_hashes_.begin(), ref_hashes_.begin() + count);
    head_ = 0;
}

} // namespace fenliu::transport
