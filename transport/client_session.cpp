#include "transport/client_session.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

/// Longer than the broker takes to say that it cannot admit: then something else is wrong with the connection.
constexpr auto welcome_timeout = 2 * limits::hello_timeout;

/// A welcome comes within milliseconds. After this long without one the connection may be another than the one that took the
/// hello, which libzmq replaces silently; a heartbeat tells, since the broker refuses one before hello.
constexpr std::chrono::milliseconds question_pause{1'000};

/// A client's own queue is its owner's business.
channel_terms client_terms(const client_options& options) {
    channel_terms terms;
    terms.frame_data = options.frame_messages;
    terms.outbox_bytes = std::numeric_limits<std::size_t>::max();
    terms.ack = {.messages = std::clamp(options.window / 4, 1U, limits::ack_messages),
                 .bytes = limits::ack_bytes,
                 .delay = limits::ack_delay};
    return terms;
}

channel_terms agreed(const client_options& options, const protocol::welcome& welcome) {
    channel_terms terms = client_terms(options);
    if (welcome.window != 0) terms.window = welcome.window;
    if (welcome.heartbeat_ms != 0) terms.heartbeat = std::chrono::milliseconds(welcome.heartbeat_ms);
    if (welcome.max_frame != 0) terms.frame_bytes = std::min<std::size_t>(terms.frame_bytes, welcome.max_frame);
    return terms;
}

} // namespace

client_session::client_session(client_options options, client_events events, instant now)
    : options_(std::move(options))
    , events_(std::move(events))
    , channel_(client_terms(options_), now)
    , since_(now)
    , hello_at_(now) {}

void client_session::send(const protocol::message& message) {
    encoded_.clear();
    protocol::encode(encoded_, message);
    static_cast<void>(channel_.send(encoded_)); // unbounded
    unanswered_.add(message, encoded_, channel_.outgoing().last());
}

void client_session::say_bye() { static_cast<void>(channel_.control(protocol::bye{"DRAINED"})); }

void client_session::probe() {
    if (state_ == client_state::open)
        static_cast<void>(channel_.control(protocol::heartbeat{}));
    else
        hello_sent_.reset();
}

void client_session::receive(std::string_view frame, instant now) {
    messages_.clear();
    // Bytes that this version cannot read are the broker's fault; there is nobody to tell.
    static_cast<void>(decoder_.decode(frame, messages_));
    channel_.heard(now, frame.size());
    for (const auto& message : messages_)
        if (active()) handle(message, now);
}

void client_session::handle(const protocol::message& message, instant now) {
    if (const auto* welcome = std::get_if<protocol::welcome>(&message)) {
        if (state_ == client_state::connecting && hello_sent_) handle_welcome(*welcome, now);
    } else if (const auto* bye = std::get_if<protocol::bye>(&message)) {
        handle_bye(*bye, now);
    } else if (const auto* error = std::get_if<protocol::error>(&message); error != nullptr && !error->ref) {
        handle_error(*error, now);
    } else if (state_ == client_state::connecting) {
        return;
    } else if (protocol::is_data(message)) {
        handle_data(message);
    } else if (const auto* ack = std::get_if<protocol::ack>(&message)) {
        if (channel_.acknowledge(ack->rx)) unanswered_.acked(ack->rx);
    } else if (const auto* credit = std::get_if<protocol::credit>(&message)) {
        channel_.grant(credit->window);
    }
}

void client_session::handle_data(const protocol::message& message) {
    static_cast<void>(channel_.count()); // a broker that exceeds its credit is not ours to punish
    const std::uint64_t number = channel_.incoming().received();
    unanswered_.answered(message);
    // A kind of a later version is nothing that the owner could use, but it counts.
    if (events_.on_message && !std::holds_alternative<protocol::rejected>(message)) events_.on_message(message);
    channel_.processed(number, number);
}

void client_session::handle_welcome(const protocol::welcome& welcome, instant now) {
    const bool resumed = welcome.resumed && welcome.session == session_ && channel_.covers(welcome.rx);
    if (welcome.resumed && !resumed) {
        // Not the session that was asked for: begin another.
        session_.clear();
        hello_sent_.reset();
        return;
    }
    hello_sent_.reset();
    why_.reset();
    if (resumed) {
        channel_.resume(welcome.rx, now);
        unanswered_.acked(welcome.rx);
    } else {
        start_anew(welcome, now);
    }
    if (options_.window != welcome.window) static_cast<void>(channel_.control(protocol::credit{options_.window}));
    state_ = client_state::open;
    const bool first = std::exchange(first_, false);
    if (events_.on_open) events_.on_open(resumed, first);
}

void client_session::start_anew(const protocol::welcome& welcome, instant now) {
    session_ = welcome.session;
    channel_ = channel(agreed(options_, welcome), now);
    // What was queued before the first session keeps its presence: nobody said it yet.
    unanswered_.send_again(!first_, [this](std::string_view encoded) {
        static_cast<void>(channel_.send(encoded));
        return channel_.outgoing().last();
    });
}

void client_session::handle_error(const protocol::error& error, instant now) {
    const auto code = protocol::errc_of(error.code).value_or(errc::internal);
    last_error_ = {code, std::string(error.text)};
    if (code == errc::malformed && hellos_ > 1) {
        --hellos_; // one more hello than the connection needed, as it turned out
        return;
    }
    if (state_ == client_state::open) {
        if (code == errc::session_not_found)
            lose(now);
        else if (events_.on_message)
            events_.on_message(error);
        return;
    }
    if (code == errc::session_not_found && asked_) hello_sent_.reset();
    // The first two are about what was sent before the hello.
    if (code == errc::session_not_found || code == errc::malformed || !hello_sent_) return;
    if (!error.retryable) {
        refuse(last_error_);
        return;
    }
    why_ = last_error_;
    hello_sent_.reset();
    hellos_ = 0;
    hello_at_ =
        now + std::max<std::chrono::milliseconds>(std::chrono::milliseconds(error.retry_after_ms), limits::retry_after_overload);
}

void client_session::handle_bye(const protocol::bye& bye, instant now) {
    const auto code = protocol::errc_of(bye.code);
    if (code && !protocol::retryable(*code)) {
        refuse(last_error_.code == *code ? last_error_ : failure{*code, std::string(protocol::describe(*code))});
        return;
    }
    if (state_ != client_state::open) return;
    lose(now);
    session_.clear();
    hello_at_ = now + limits::retry_after_overload;
}

void client_session::refuse(failure why) {
    const bool was_open = state_ == client_state::open;
    state_ = client_state::refused;
    why_ = std::move(why);
    if (was_open && events_.on_lost) events_.on_lost();
}

void client_session::give_up(failure why) {
    state_ = client_state::unreachable;
    why_ = std::move(why);
}

void client_session::lose(instant now) {
    state_ = client_state::connecting;
    since_ = now;
    hello_at_ = now;
    hello_sent_.reset();
    hellos_ = 0;
    if (events_.on_lost) events_.on_lost();
}

bool client_session::hello_due(instant now) const noexcept {
    return state_ == client_state::connecting && !hello_sent_ && now >= hello_at_;
}

bool client_session::question_due(instant now) const noexcept {
    return state_ == client_state::connecting && hello_sent_ && !asked_ && now >= *hello_sent_ + question_pause;
}

bool client_session::compose(std::string& frame, instant now) {
    if (hello_due(now)) {
        write_hello(frame);
        return true;
    }
    if (question_due(now)) {
        frame.clear();
        protocol::encode(frame, protocol::heartbeat{});
        return true;
    }
    if (state_ != client_state::open) return false;
    composed_ = channel_.compose(frame, now);
    return composed_.messages() > 0;
}

void client_session::sent(instant now) {
    if (state_ == client_state::open) {
        channel_.sent(composed_, now);
    } else {
        asked_ = hello_sent_.has_value();
        if (asked_) return;
        hello_sent_ = now;
        ++hellos_;
    }
}

void client_session::write_hello(std::string& frame) {
    protocol::hello hello;
    hello.version = limits::protocol_version;
    hello.role = options_.role;
    hello.token = options_.token;
    hello.shop = options_.shop;
    hello.account = options_.account;
    hello.device = options_.device;
    hello.robot = options_.robot;
    hello.resume_session = session_;
    hello.resume_rx = session_.empty() ? 0 : channel_.incoming().contiguous();
    // Also beside a resume: the broker may have to begin anew, and then it is too late to ask.
    std::vector<std::pair<std::string, std::uint64_t>> seen;
    if (events_.seen) seen = events_.seen();
    for (const auto& [conversation, seq] : seen)
        if (hello.seen.size() < limits::array_items) hello.seen.push_back({conversation, seq});
    frame.clear();
    protocol::encode(frame, hello);
}

bool client_session::tick(instant now) {
    if (state_ == client_state::open && now >= channel_.dead_at()) {
        lose(now);
        return true;
    }
    if (state_ != client_state::connecting) return false;
    if (options_.give_up.count() > 0 && now >= since_ + options_.give_up) {
        give_up(why_.value_or(failure{errc::internal, "no broker answers at " + options_.url}));
        return false;
    }
    if (!hello_sent_ || now < *hello_sent_ + welcome_timeout) return false;
    hello_sent_.reset();
    return true;
}

std::optional<instant> client_session::wake_at(instant now) const noexcept {
    std::optional<instant> next;
    const auto consider = [&](instant at) {
        if (at > now && (!next || at < *next)) next = at;
    };
    if (state_ == client_state::open) {
        consider(channel_.heartbeat_at());
        consider(channel_.dead_at());
        if (const auto ack_at = channel_.ack_at()) consider(*ack_at);
    } else if (state_ == client_state::connecting) {
        consider(hello_sent_ ? *hello_sent_ + (asked_ ? welcome_timeout : question_pause) : hello_at_);
        if (options_.give_up.count() > 0) consider(since_ + options_.give_up);
    }
    return next;
}

} // namespace fenliu::transport
