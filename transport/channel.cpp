#include "transport/channel.hpp"

#include <algorithm>
#include <cassert>

namespace fenliu::transport {

namespace {

/// `[4, rx]` at its longest.
constexpr std::size_t encoded_ack_bytes = 11;

} // namespace

channel::channel(const channel_terms& terms, instant now)
    : terms_(terms)
    , incoming_(terms.window)
    , peer_window_(terms.window)
    , last_sent_(now)
    , last_heard_(now)
    , ack_owed_since_(now) {}

void channel::heard(instant now, std::size_t bytes) noexcept {
    last_heard_ = now;
    bytes_since_ack_ += bytes;
}

bool channel::acknowledge(std::uint64_t rx) {
    if (!outgoing_.acknowledge(rx)) return false;
    arrears_bytes_ = std::min(arrears_bytes_, outgoing_.bytes());
    return true;
}

void channel::processed(std::uint64_t first, std::uint64_t last) {
    if (incoming_.unacknowledged() == 0) ack_owed_since_ = last_heard_;
    incoming_.processed(first, last);
}

void channel::take_arrears(bool begin) noexcept {
    taking_arrears_ = begin;
    if (!begin) arrears_bytes_ = outgoing_.bytes();
}

bool channel::send(std::string_view encoded) {
    assert(encoded.size() <= terms_.frame_bytes);
    outgoing_.append(encoded);
    return within_bound();
}

composed channel::compose(std::string& frame, instant now) const {
    composed what;
    frame.clear();
    const auto control = control_.next(limits::frame_messages, terms_.frame_bytes);
    frame.append(control.bytes);
    what.control = control.count;
    if (ack_due(now) && what.control < limits::frame_messages && frame.size() + encoded_ack_bytes <= terms_.frame_bytes) {
        what.ack = incoming_.contiguous();
        protocol::encode(frame, protocol::ack{*what.ack});
    }
    const auto most = std::min(terms_.frame_data, limits::frame_messages - what.messages());
    const auto data = outgoing_.next(peer_window_, most, terms_.frame_bytes - frame.size());
    frame.append(data.bytes);
    what.data = data.count;
    if (frame.empty() && now >= heartbeat_at()) {
        what.heartbeat = true;
        protocol::encode(frame, protocol::heartbeat{});
    }
    return what;
}

void channel::sent(const composed& what, instant now) {
    control_.pop(what.control);
    if (what.ack) {
        incoming_.acknowledged();
        bytes_since_ack_ = 0;
    }
    outgoing_.sent(what.data);
    last_sent_ = now;
}

std::optional<instant> channel::ack_at() const noexcept {
    if (incoming_.unacknowledged() == 0) return std::nullopt;
    return ack_owed_since_ + terms_.ack.delay;
}

bool channel::ack_due(instant now) const noexcept {
    const auto owed = incoming_.unacknowledged();
    if (owed == 0) return false;
    return owed >= terms_.ack.messages || bytes_since_ack_ >= terms_.ack.bytes || now >= ack_owed_since_ + terms_.ack.delay;
}

bool channel::pending(instant now) const noexcept {
    return !control_.empty() || ack_due(now) || outgoing_.next(peer_window_, 1, terms_.frame_bytes).count > 0;
}

void channel::resume(std::uint64_t rx, instant now) {
    assert(incoming_.all_processed());
    outgoing_.resume(rx);
    arrears_bytes_ = std::min(arrears_bytes_, outgoing_.bytes());
    incoming_.acknowledged();
    bytes_since_ack_ = 0;
    control_.clear();
    peer_window_ = terms_.window;
    last_sent_ = last_heard_ = now;
}

void channel::clear() noexcept {
    arrears_bytes_ = 0;
    outgoing_.clear();
    control_.clear();
}

void channel::release() {
    incoming_.release();
    outgoing_.release();
    control_.release();
}

} // namespace fenliu::transport
