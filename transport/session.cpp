#include "transport/session.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fenliu::transport {

namespace {

/// Bytes in flight are released in steps of about this size: small against the budget, and far fewer entries than messages.
constexpr std::size_t in_flight_step = 4096;

} // namespace

session::session(link_id link, const session_key& key, std::shared_ptr<const identity> who, std::string token,
                 const session_terms& terms, instant now)
    : link_(link)
    , key_(key)
    , who_(std::move(who))
    , token_(std::move(token))
    , channel_(terms.channel, now)
    , since_(now)
    , heartbeat_(terms.channel.heartbeat)
    , expiry_(terms.expiry)
    , answer_(terms.answer) {
    if (who_->messages_per_s != 0) rate_.emplace(who_->messages_per_s, limits::rate_saved_s, now);
}

void session::lose(instant now) noexcept {
    assert(state_ == session_state::live || state_ == session_state::resuming);
    state_ = session_state::lost;
    since_ = now;
    connection_ = 0;
    busy_since = {};
}

std::optional<std::chrono::milliseconds> session::take_of_rate(instant now) noexcept {
    return rate_ ? rate_->take(now) : std::nullopt;
}

bool session::resumable(const identity& who, std::string_view token, std::uint64_t rx) const noexcept {
    const bool open = state_ == session_state::live || state_ == session_state::lost || state_ == session_state::resuming;
    return open && who.role == who_->role && who.shop == who_->shop && who.account == who_->account && token == token_ &&
           who.key == who_->key && channel_.covers(rx);
}

void session::take_over(connection_id connection, std::uint64_t rx, instant now) noexcept {
    state_ = session_state::resuming;
    since_ = now;
    connection_ = connection;
    resume_rx_ = rx;
    busy_since = {};
}

void session::resume(instant now) {
    assert(state_ == session_state::resuming && ready());
    channel_.resume(resume_rx_, now);
    state_ = session_state::live;
    since_ = now;
}

void session::close(instant now) noexcept {
    state_ = session_state::closed;
    since_ = now;
    connection_ = 0;
    channel_.clear();
}

bool session::roomy_again(instant now) noexcept {
    if (!full()) return false;
    full_since_ = now;
    if (!channel_.roomy()) return false;
    full_since_.reset();
    return true;
}

session_due session::check(instant now) const noexcept {
    if (barred_at_ && now >= *barred_at_ && !closed()) return session_due::barred;
    switch (state_) {
    case session_state::live:
        if (now >= channel_.dead_at()) return session_due::silent;
        if (full() && now >= *full_since_ + limits::heartbeats_missed * heartbeat_) return session_due::stuck;
        return now >= channel_.heartbeat_at() ? session_due::heartbeat : session_due::nothing;
    case session_state::admitting:
    case session_state::resuming:
        return now >= since_ + answer_ ? session_due::expired : session_due::nothing;
    case session_state::lost:
        return now >= since_ + expiry_ ? session_due::expired : session_due::nothing;
    case session_state::closed:
        return settled() || now >= since_ + expiry_ ? session_due::expired : session_due::nothing;
    }
    return session_due::nothing;
}

instant session::check_at(instant now) const noexcept {
    const instant latest = barred_at_ && !closed() ? std::min(now + heartbeat_, *barred_at_) : now + heartbeat_;
    switch (state_) {
    case session_state::live:
        return std::min({latest, channel_.heartbeat_at(), channel_.dead_at()});
    case session_state::admitting:
    case session_state::resuming:
        return std::min(latest, since_ + answer_);
    case session_state::lost:
    case session_state::closed:
        break;
    }
    return std::min(latest, since_ + expiry_);
}

void session::handed_on(std::size_t bytes) {
    const std::uint64_t last = channel_.incoming().received();
    if (in_flight_.empty() || in_flight_.back().bytes >= in_flight_step) {
        in_flight_.push_back({last, bytes});
        return;
    }
    in_flight_.back().last = last;
    in_flight_.back().bytes += bytes;
}

std::size_t session::processed(std::uint64_t first, std::uint64_t last) {
    channel_.processed(first, last);
    return take_handed(channel_.incoming().contiguous());
}

std::size_t session::forget_in_flight() noexcept { return take_handed(channel_.incoming().received()); }

std::size_t session::take_handed(std::uint64_t up_to) noexcept {
    std::size_t bytes = 0;
    while (first_in_flight_ < in_flight_.size() && in_flight_[first_in_flight_].last <= up_to)
        bytes += in_flight_[first_in_flight_++].bytes;
    if (first_in_flight_ == in_flight_.size()) {
        in_flight_.clear();
        first_in_flight_ = 0;
    } else if (first_in_flight_ > in_flight_.size() / 2) {
        in_flight_.erase(in_flight_.begin(), in_flight_.begin() + static_cast<std::ptrdiff_t>(first_in_flight_));
        first_in_flight_ = 0;
    }
    return bytes;
}

void session::release() {
    channel_.release();
    if (in_flight_.empty()) in_flight_ = {};
}

} // namespace fenliu::transport
