#include "transport/exchange.hpp"

#include <string>
#include <utility>
#include <variant>

#include "protocol/kind.hpp"
#include "transport/permission.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

failure failure_of(const protocol::rejected& message) {
    if (message.code == errc::unsupported_version)
        return {message.code,
                "kind " + std::to_string(message.kind) + " is unknown to version " + std::to_string(limits::protocol_version)};
    return {message.code, message.what};
}

/// What a message of so many bytes takes until it is processed.
constexpr std::size_t bytes_to_hold(std::size_t message_bytes) noexcept { return message_bytes + sizeof(event); }

failure second_hello() { return {errc::malformed, "this connection has a session already"}; }

std::optional<std::string_view> ref_to_answer(const protocol::message& message) {
    if (const auto* bad = std::get_if<protocol::rejected>(&message)) return bad->ref;
    const auto ref = protocol::ref_of(message);
    return ref && !ref->empty() ? ref : std::nullopt;
}

} // namespace

exchange::exchange(const socket_options& options, inbound_sink& sink, wire& out, socket_figures& figures, instant now,
                   std::function<void()> wake)
    : board_(options, sink, out, figures, now, std::move(wake))
    , reception_(options, board_, figures)
    , figures_(figures)
    , shop_rates_(options.shop_rate, limits::rate_saved_s, limits::counted_shops)
    , in_flight_bytes_max_(options.in_flight_bytes) {}

void exchange::receive(connection_id from, std::string_view frame, instant now) {
    messages_.clear();
    const protocol::frame_outcome outcome = decoder_.decode(frame, messages_);
    figures_.messages_in += messages_.size();
    origin at{.from = from, .of = board_.sessions().at(from), .now = now};
    if (at.of != nullptr) at.of->channel().heard(now, frame.size());
    if (!messages_.empty()) at.message_bytes = outcome.offset / messages_.size();
    for (auto& message : messages_)
        handle(at, message);
    if (!outcome.whole) undecodable(from, outcome.what, now);
}

void exchange::undecodable(connection_id from, std::string_view what, instant now) {
    ++figures_.malformed;
    if (session* const of = board_.sessions().at(from))
        board_.close(*of, protocol::name(errc::malformed), what, now);
    else
        board_.answer(from, {errc::malformed, std::string(what)}, true);
}

void exchange::handle(origin& at, protocol::message& message) {
    if (at.of == nullptr || !at.of->live())
        handle_early(at, message);
    else if (protocol::is_data(message))
        handle_data(at, message);
    else
        handle_session_message(at, message);
}

void exchange::handle_early(origin& at, const protocol::message& message) {
    const auto* hello = std::get_if<protocol::hello>(&message);
    const auto* bad = std::get_if<protocol::rejected>(&message);
    const bool bad_hello = bad != nullptr && bad->kind == static_cast<std::uint32_t>(protocol::kind::hello);
    const bool waits = at.of != nullptr;
    if (waits && (hello != nullptr || bad_hello)) {
        board_.answer(at.from, second_hello(), false);
    } else if (hello != nullptr) {
        if (std::exchange(at.said_hello, true)) return; // one of a frame is judged
        reception_.hello(at.from, *hello, board_.peer(), at.now);
        at.of = board_.sessions().at(at.from);
    } else if (bad_hello) {
        reception_.refuse(at.from, failure_of(*bad));
    } else if (waits && std::holds_alternative<protocol::bye>(message)) {
        board_.leave(*at.of, at.now);
        at.of = nullptr;
    } else if (!(waits && std::holds_alternative<protocol::heartbeat>(message)) && !std::exchange(at.told_to_say_hello, true)) {
        board_.answer(at.from, {errc::session_not_found, waits ? "wait for the welcome" : "say hello first"}, false);
    }
}

void exchange::handle_session_message(origin& at, const protocol::message& message) {
    session& of = *at.of;
    if (std::holds_alternative<protocol::heartbeat>(message)) return;
    if (const auto* ack = std::get_if<protocol::ack>(&message)) {
        if (!of.channel().acknowledge(ack->rx)) {
            close(at, errc::malformed, "an ack of messages that were not sent");
        } else {
            board_.acknowledged(of, at.now);
        }
    } else if (const auto* credit = std::get_if<protocol::credit>(&message)) {
        of.channel().grant(credit->window);
        board_.touch(of);
    } else if (std::holds_alternative<protocol::bye>(message)) {
        board_.leave(of, at.now);
        at.of = nullptr;
    } else if (const auto* bad = std::get_if<protocol::rejected>(&message)) {
        board_.answer(of, failure_of(*bad), bad->ref, 0, at.now);
    } else if (std::holds_alternative<protocol::hello>(message)) {
        board_.answer(of, second_hello(), std::nullopt, 0, at.now);
    } else if (std::holds_alternative<protocol::welcome>(message)) {
        board_.answer(of, {errc::forbidden, "kind 2 is sent by the broker"}, std::nullopt, 0, at.now);
    }
    // What is left is an error about no message: answering it could go on for ever.
    if (of.closed()) at.of = nullptr;
}

void exchange::handle_data(origin& at, protocol::message& message) {
    session& of = *at.of;
    const standing credit = of.channel().count();
    if (credit == standing::overrun) {
        close(at, errc::credit_exceeded, "more than twice the window was sent without waiting for acks");
        return;
    }
    const std::uint64_t number = of.channel().incoming().received();
    const auto to = judge(at, credit, message);
    if (const auto* refused = std::get_if<refusal>(&to)) {
        const auto retry_after_ms = static_cast<std::uint32_t>(refused->retry_after.count());
        board_.answer(of, refused->why, ref_to_answer(message), retry_after_ms, at.now);
        board_.processed(of, number, number, at.now);
        if (of.closed()) at.of = nullptr;
        return;
    }
    const auto bytes = bytes_to_hold(at.message_bytes);
    board_.handed_on(of, bytes);
    received taken{of.link(), number, of.who().get(), std::move(message), bytes};
    if (const auto* shop = std::get_if<to_shop>(&to))
        board_.batches().add(std::move(taken), of.who(), shop->shop);
    else
        board_.batches().add_admin(std::move(taken), of.who());
}

std::variant<to_shop, to_admin, exchange::refusal> exchange::judge(const origin& at, standing credit,
                                                                   const protocol::message& message) {
    if (const auto* bad = std::get_if<protocol::rejected>(&message)) return refusal{failure_of(*bad)};
    if (credit == standing::over)
        return refusal{{errc::credit_exceeded, "more messages were sent than the window allows; wait for acks"},
                       limits::retry_after_overload};
    const destination to = destination_of(*at.of->who(), message);
    if (const auto* why = std::get_if<failure>(&to)) return refusal{*why};
    const auto* shop = std::get_if<to_shop>(&to);
    // Administration goes on while draining: somebody has to be able to watch it.
    if (shop != nullptr && reception_.draining())
        return refusal{{errc::draining, "the broker is shutting down and takes no new work"}, limits::retry_after};
    if (auto refused = hold_off(at, shop)) return *std::move(refused);
    if (shop == nullptr) return to_admin{};
    return *shop;
}

std::optional<exchange::refusal> exchange::hold_off(const origin& at, const to_shop* to) {
    const bool buyers = to != nullptr && at.of->who()->role == protocol::role::frontend;
    const auto bytes = bytes_to_hold(at.message_bytes);
    const auto in_flight = board_.in_flight_bytes() + bytes;
    if (in_flight > in_flight_bytes_max_)
        return refusal{{errc::overloaded, "the broker has as much in hand as it takes; send again later"},
                       limits::retry_after_overload};
    // What waits for one shop's turn is at most what is left for all: a flood leaves room for the others, and for agents.
    if (buyers && in_flight > in_flight_bytes_max_ / 2 &&
        board_.batches().held_bytes(to->shop) > in_flight_bytes_max_ - in_flight)
        return refusal{{errc::overloaded, "the shop gets more messages than it handles; send again later"},
                       limits::retry_after_overload};
    if (const auto wait = at.of->take_of_rate(at.now))
        return refusal{{errc::rate_limited, "this session sends more messages a second than its token allows"}, *wait};
    if (buyers)
        if (const auto wait = shop_rates_.take(to->shop, at.now))
            return refusal{{errc::rate_limited, "the shop gets more messages a second than it may have"}, *wait};
    return std::nullopt;
}

void exchange::close(origin& at, errc code, std::string_view text) {
    board_.close(*at.of, protocol::name(code), text, at.now);
    at.of = nullptr;
}

void exchange::apply(const outbound_batch& batch, instant now) {
    for (const auto& answer : batch.admissions)
        reception_.admit(answer, now);
    const auto take_arrears = [this](link_id link, bool begin) {
        if (session* const of = board_.sessions().find(link)) of->channel().take_arrears(begin);
    };
    for (const auto link : batch.arrears)
        take_arrears(link, true);
    std::string_view rest = batch.bytes;
    for (const auto& each : batch.sends) {
        board_.send(each.link, rest.substr(0, each.size), now);
        rest.remove_prefix(each.size);
    }
    // What came with the admission is what the peer missed.
    for (const auto& answer : batch.admissions)
        take_arrears(answer.link, false);
    for (const auto link : batch.arrears)
        take_arrears(link, false);
    for (const auto& range : batch.processed)
        board_.processed(range, now);
    for (const auto& each : batch.revocations)
        reception_.revoke(each, now);
}

void exchange::disconnected(connection_id connection, instant now) {
    if (session* const of = board_.sessions().at(connection)) board_.lose(*of, now);
}

void exchange::turn(instant now) {
    board_.tick(now);
    board_.flush(now);
    figures_.sessions = board_.sessions().open();
    figures_.in_flight_bytes = board_.in_flight_bytes();
}

bool exchange::may_follow(std::string_view key, std::optional<std::string_view> topic) {
    bool may = false;
    board_.sessions().for_each_of_client(key,
                                         [&](const session& each) { may = may || transport::may_follow(*each.who(), topic); });
    return may;
}

void exchange::say_bye(instant now) { board_.close_all("SHUTTING_DOWN", now); }

} // namespace fenliu::transport
