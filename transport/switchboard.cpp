#include "transport/switchboard.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace fenliu::transport {

namespace {

using protocol::errc;

/// A heartbeat interval in so many steps: how exactly the wheel keeps time.
constexpr int wheel_steps = 16;
/// Pause before frames that a peer did not take are offered again: ROUTER has no event for one peer that reads again.
constexpr std::chrono::milliseconds busy_pause{10};

session_terms terms_of(const socket_options& options) {
    session_terms terms;
    terms.channel.window = options.window;
    terms.channel.heartbeat = options.heartbeat;
    terms.channel.outbox_bytes = options.outbox_bytes;
    terms.expiry = options.session_expiry;
    terms.answer = options.hello_timeout;
    return terms;
}

std::uint32_t as_ms(std::chrono::milliseconds value) noexcept { return static_cast<std::uint32_t>(value.count()); }

} // namespace

switchboard::switchboard(const socket_options& options, inbound_sink& sink, wire& out, socket_figures& figures, instant now,
                         std::function<void()> wake)
    : server_name_(options.server_name)
    , terms_(terms_of(options))
    , wire_(out)
    , figures_(figures)
    , batches_(sink, std::move(wake))
    , wheel_(options.heartbeat / wheel_steps, now) {}

session& switchboard::open(connection_id connection, identity who, const protocol::hello& hello, std::optional<instant> barred_at,
                           instant now) {
    auto shared = std::make_shared<const identity>(std::move(who));
    session& made = sessions_.add(shared, std::string(hello.token), terms_, now);
    if (barred_at) made.bar_at(*barred_at);
    sessions_.bind(made, connection);
    made.connect(connection);
    wire_.set_serving(connection, true);
    wheel_.add(made.link(), made.check_at(now));
    link_opened news{made.link(), std::move(shared), {}, !hello.seen.empty()};
    for (const auto& position : hello.seen)
        news.seen.push_back({std::string(position.conversation), position.seq});
    batches_.announce(news, made.who());
    return made;
}

void switchboard::welcome(session& of) {
    of.admit();
    send_welcome(of, false);
}

void switchboard::take_over(session& of, connection_id connection, std::uint64_t rx, instant now) {
    if (of.connection() != 0) wire_.set_serving(of.connection(), false);
    sessions_.bind(of, connection);
    of.take_over(connection, rx, now);
    wire_.set_serving(connection, true);
    welcome_again(of, now);
}

void switchboard::welcome_again(session& of, instant now) {
    if (of.state() != session_state::resuming || !of.ready()) return;
    of.resume(now);
    ++figures_.resumed;
    acknowledged(of, now);
    if (std::exchange(of.loss_announced, false)) batches_.announce(link_resumed{of.link()}, of.who());
    send_welcome(of, true);
}

void switchboard::send_welcome(session& of, bool resumed) {
    const std::string key = of.key().text();
    protocol::welcome message;
    message.session = key;
    message.rx = of.channel().incoming().contiguous();
    message.resumed = resumed;
    message.heartbeat_ms = as_ms(terms_.channel.heartbeat);
    message.window = terms_.channel.window;
    message.max_frame = static_cast<std::uint32_t>(terms_.channel.frame_bytes);
    message.expiry_ms = as_ms(terms_.expiry);
    message.server = server_name_;
    static_cast<void>(of.channel().control(message)); // the first of its connection, so it always fits
    touch(of);
}

void switchboard::lose(session& of, instant now) {
    const connection_id connection = of.connection();
    sessions_.unbind(of);
    // Without a welcome the peer cannot name the session, so nobody will resume it.
    if (of.state() == session_state::admitting) {
        end(of, now);
        return;
    }
    wire_.set_serving(connection, false);
    of.lose(now);
    ++figures_.sessions_lost;
    if (!std::exchange(of.loss_announced, true)) batches_.announce(link_lost{of.link()}, of.who());
}

void switchboard::close(session& of, std::string_view bye, std::string_view text, instant now) {
    if (of.connection() != 0) push_bye(of, bye, text, now);
    end(of, now);
}

void switchboard::refuse(session& of, const protocol::failure& why, instant now) {
    if (of.connection() != 0) {
        answer(of.connection(), why, true);
        wire_.set_serving(of.connection(), false);
    }
    sessions_.retire(of);
    of.close(now);
}

void switchboard::leave(session& of, instant now) { end(of, now); }

void switchboard::close_all(std::string_view bye, instant now) {
    sessions_.for_each([&](session& each) {
        if (each.connection() != 0) push_bye(each, bye, {}, now);
    });
}

void switchboard::end(session& of, instant now) {
    if (of.connection() != 0) wire_.set_serving(of.connection(), false);
    batches_.announce(link_closed{of.link()}, of.who());
    sessions_.retire(of);
    of.close(now);
}

void switchboard::answer(connection_id connection, const protocol::failure& why, bool bye) {
    protocol::error error;
    error.code = protocol::name(why.code);
    error.retryable = protocol::retryable(why.code);
    if (error.retryable && bye) error.retry_after_ms = as_ms(limits::retry_after);
    error.text = why.text;
    frame_.clear();
    protocol::encode(frame_, error);
    if (bye) protocol::encode(frame_, protocol::bye{error.code});
    figures_.messages_out += bye ? 2 : 1;
    // A peer without a session has no outbox: if it doesn't read its answers they end with the connection.
    static_cast<void>(wire_.send(connection, frame_));
}

void switchboard::answer(session& of, const protocol::failure& why, std::optional<std::string_view> ref,
                         std::uint32_t retry_after_ms, instant now) {
    protocol::error error;
    error.code = protocol::name(why.code);
    error.retryable = protocol::retryable(why.code);
    error.retry_after_ms = retry_after_ms;
    error.ref = ref;
    error.text = why.text;
    const bool kept = ref ? of.channel().send_message(error) : of.channel().control(error);
    if (kept)
        touch(of);
    else
        over_bound(of, now);
}

void switchboard::send(link_id link, std::string_view encoded, instant now) {
    session* const to = sessions_.find(link);
    if (to == nullptr || to->closed()) return;
    if (!to->channel().send(encoded)) {
        over_bound(*to, now);
        return;
    }
    if (to->live()) touch(*to);
    if (to->channel().full() && !to->full() && to->who()->role == protocol::role::agent) {
        to->fill(now);
        batches_.announce(link_full{link}, to->who());
    }
}

void switchboard::acknowledged(session& of, instant now) {
    if (of.roomy_again(now)) batches_.announce(link_roomy{of.link()}, of.who());
    if (of.channel().pending(now)) touch(of);
}

void switchboard::over_bound(session& of, instant now) { end_slow(of, "what is kept for this session exceeds its bound", now); }

void switchboard::end_slow(session& of, std::string_view text, instant now) {
    ++figures_.slow_closed;
    const connection_id connection = of.connection();
    if (connection != 0) push_bye(of, protocol::name(errc::overloaded), text, now);
    end(of, now);
    if (connection != 0) wire_.cut(connection);
}

void switchboard::processed(session& of, std::uint64_t first, std::uint64_t last, instant now) {
    in_flight_bytes_ -= of.processed(first, last);
    if (of.closed()) return;
    if (of.state() == session_state::resuming) welcome_again(of, now);
    if (of.live()) touch(of);
}

void switchboard::processed(const transport::processed& range, instant now) {
    if (session* const of = sessions_.find(range.link)) processed(*of, range.first, range.last, now);
}

void switchboard::handed_on(session& of, std::size_t bytes) {
    of.handed_on(bytes);
    in_flight_bytes_ += bytes;
}

void switchboard::touch(session& of) {
    if (std::exchange(of.flush_listed, true)) return;
    to_flush_.push_back(of.link());
}

void switchboard::flush(instant now) {
    flushing_.swap(to_flush_);
    for (const link_id link : flushing_) {
        session* const of = sessions_.find(link);
        if (of == nullptr) continue;
        of->flush_listed = false;
        if (!of->live()) continue;
        switch (push(*of, now)) {
        case progress::done:
            break;
        case progress::busy:
            wait_for_reader(*of, now);
            break;
        case progress::gone:
            lose(*of, now);
            break;
        }
    }
    flushing_.clear();
}

void switchboard::wait_for_reader(session& of, instant now) {
    if (of.busy_since == instant{}) of.busy_since = now;
    if (now < of.busy_since + limits::heartbeats_missed * terms_.channel.heartbeat) {
        touch(of);
        return;
    }
    const connection_id connection = of.connection();
    lose(of, now);
    wire_.cut(connection);
}

switchboard::progress switchboard::push(session& of, instant now) {
    while (true) {
        const composed what = of.channel().compose(frame_, now);
        if (what.messages() == 0) return progress::done;
        const sent outcome = wire_.send(of.connection(), frame_);
        if (outcome == sent::gone) return progress::gone;
        if (outcome == sent::busy) return progress::busy;
        of.busy_since = {};
        of.channel().sent(what, now);
        figures_.messages_out += what.messages();
    }
}

void switchboard::push_bye(session& of, std::string_view bye, std::string_view text, instant now) {
    if (of.live() && push(of, now) != progress::done) return;
    frame_.clear();
    if (!text.empty()) {
        protocol::error error;
        error.code = bye;
        if (const auto code = protocol::errc_of(bye)) error.retryable = protocol::retryable(*code);
        error.text = text;
        protocol::encode(frame_, error);
    }
    protocol::encode(frame_, protocol::bye{bye});
    figures_.messages_out += text.empty() ? 1 : 2;
    // Whoever does not read hears it no more.
    static_cast<void>(wire_.send(of.connection(), frame_));
}

void switchboard::tick(instant now) {
    wheel_.run(now, [&](link_id link) { return look(link, now); });
}

std::optional<instant> switchboard::look(link_id link, instant now) {
    session* const of = sessions_.find(link);
    assert(of != nullptr);
    const session_due due = of->check(now);
    const connection_id connection = of->connection();
    if (due == session_due::heartbeat) {
        of->release();
        touch(*of);
    } else if (due == session_due::silent) {
        lose(*of, now);
        wire_.cut(connection);
    } else if (due == session_due::stuck) {
        end_slow(*of, "much is kept for this session, and nothing of it is acknowledged", now);
    } else if (due == session_due::barred) {
        close(*of, protocol::name(errc::unauthenticated), "the token has ended; get a new one", now);
    } else if (due == session_due::expired && of->closed()) {
        in_flight_bytes_ -= of->forget_in_flight();
        sessions_.erase(*of);
        return std::nullopt;
    } else if (due == session_due::expired) {
        const bool lost = of->state() == session_state::lost;
        close(*of, protocol::name(errc::overloaded), lost ? "" : "the broker did not admit the session in time", now);
    }
    return of->check_at(now);
}

std::optional<instant> switchboard::wake_at(instant now) const noexcept {
    const auto next = wheel_.next();
    if (to_flush_.empty() && !batches_.held_up()) return next;
    const instant again = now + busy_pause;
    return next ? std::min(*next, again) : again;
}

} // namespace fenliu::transport
