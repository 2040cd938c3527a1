#include "transport/reception.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "transport/counted_address.hpp"

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

/// Longer than any token lasts, and far from the end of the clock.
constexpr std::chrono::hours ends_at_most{24 * 365 * 100};

protocol::timestamp_ms system_ms() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

reception::reception(const socket_options& options, switchboard& board, socket_figures& figures)
    : board_(board)
    , figures_(figures)
    , credentials_(options.tokens, options.security)
    , wall_clock_(options.security.wall_clock ? options.security.wall_clock : system_ms)
    , knocks_(options.security.handshakes_per_s, limits::handshakes_saved_s, limits::counted_addresses)
    , connections_(options.connections)
    , sessions_per_address_(options.security.sessions_per_address) {}

void reception::hello(connection_id from, const protocol::hello& message, const remote& peer, instant now) {
    auto proven = prove(message, peer, now);
    if (const auto* why = std::get_if<failure>(&proven)) {
        refuse(from, *why);
        return;
    }
    auto& who = std::get<identity>(proven);
    if (resume(from, message, who, now)) return;
    if (const auto why = check_room(who)) {
        refuse(from, *why);
        return;
    }
    const bool by_lane = who.role == protocol::role::agent;
    const auto barred_at = end_of(who, now);
    session& made = board_.open(from, std::move(who), message, barred_at, now);
    if (by_lane)
        supersede_for(made, now);
    else
        board_.welcome(made);
}

std::variant<identity, failure> reception::prove(const protocol::hello& message, const remote& peer, instant now) {
    if (message.version != limits::protocol_version)
        return failure{errc::unsupported_version, "this broker speaks version " + std::to_string(limits::protocol_version)};
    const std::string address = peer.counted() ? counted_address(peer.address) : std::string{};
    // Before the signature is looked at, which takes longer than anything else a stranger can ask for.
    if (peer.counted() && knocks_.take(address, now))
        return failure{errc::rate_limited, "this address says hello too often; try again later"};
    auto proven = credentials_.identify(message, peer, wall_clock_());
    if (auto* who = std::get_if<identity>(&proven)) {
        who->key = peer.key;
        who->address = address;
    }
    return proven;
}

std::optional<failure> reception::check_room(const identity& who) {
    if (draining_) return failure{errc::draining, "the broker is shutting down; try again later"};
    const auto& sessions = board_.sessions();
    if (sessions.open() >= connections_)
        return failure{errc::overloaded, "the broker has as many sessions as it admits; try again later"};
    // An agent's older session makes room for the newer one.
    const session* const older = who.account.empty() ? nullptr : sessions.of_agent(who.account);
    const auto others = [&](std::size_t all, bool also_older) { return older != nullptr && also_older ? all - 1 : all; };
    if (!who.address.empty() && others(sessions.of_address(who.address),
                                       older != nullptr && older->who()->address == who.address) >= sessions_per_address_)
        return failure{errc::overloaded, "this address has as many sessions as one may have; try again later"};
    if (who.connections != 0 &&
        others(sessions.of_token(who.token_id), older != nullptr && older->who()->token_id == who.token_id) >= who.connections)
        return failure{errc::overloaded, "this token has as many sessions as it allows; try again later"};
    return std::nullopt;
}

std::optional<instant> reception::end_of(const identity& who, instant now) const {
    if (who.expires_at == 0) return std::nullopt;
    const std::chrono::milliseconds left(who.expires_at - wall_clock_());
    return now + std::min<std::chrono::milliseconds>(left, ends_at_most);
}

void reception::revoke(const revocation& each, instant now) {
    credentials_.revoke(each, wall_clock_());
    board_.sessions().for_each([&](session& of) {
        if (of.who()->token_id == each.token_id)
            board_.close(of, protocol::name(errc::unauthenticated), "the token is revoked", now);
    });
}

void reception::supersede_for(session& made, instant now) {
    session* const older = board_.sessions().of_agent(made.who()->account);
    board_.sessions().set_agent(made);
    if (older != nullptr) board_.close(*older, protocol::name(errc::superseded), {}, now);
}

bool reception::resume(connection_id from, const protocol::hello& message, const identity& who, instant now) {
    const auto key = session_key::parse(message.resume_session);
    session* const old = key ? board_.sessions().of_key(*key) : nullptr;
    if (old == nullptr || !old->resumable(who, message.token, message.resume_rx)) return false;
    board_.take_over(*old, from, message.resume_rx, now);
    return true;
}

void reception::refuse(connection_id from, const failure& why) {
    ++figures_.refused;
    board_.answer(from, why, true);
}

void reception::admit(const admission& answer, instant now) {
    session* const made = board_.sessions().find(answer.link);
    if (made == nullptr || made->state() != session_state::admitting) return;
    if (answer.code != errc::ok) {
        ++figures_.refused;
        board_.refuse(*made, {answer.code, answer.text}, now);
        return;
    }
    made->channel().take_arrears(true);
    board_.welcome(*made);
}

} // namespace fenliu::transport
