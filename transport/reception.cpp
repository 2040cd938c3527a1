#include "transport/reception.hpp"

#include <string>
#include <utility>

namespace fenliu::transport {

namespace {

using protocol::errc;
using protocol::failure;

} // namespace

reception::reception(const socket_options& options, switchboard& board, socket_figures& figures)
    : board_(board)
    , figures_(figures)
    , credentials_(options.tokens)
    , connections_(options.connections) {}

void reception::hello(connection_id from, const protocol::hello& message, instant now) {
    if (message.version != limits::protocol_version) {
        refuse(from, {errc::unsupported_version, "this broker speaks version " + std::to_string(limits::protocol_version)});
        return;
    }
    auto proven = credentials_.identify(message);
    if (const auto* why = std::get_if<failure>(&proven)) {
        refuse(from, *why);
        return;
    }
    auto& who = std::get<identity>(proven);
    if (resume(from, message, who, now)) return;
    if (draining_) {
        refuse(from, {errc::draining, "the broker is shutting down; try again later"});
        return;
    }
    if (board_.sessions().open() >= connections_) {
        refuse(from, {errc::overloaded, "the broker has as many sessions as it admits; try again later"});
        return;
    }
    const bool by_lane = who.role == protocol::role::agent;
    session& made = board_.open(from, std::move(who), message.token, message, now);
    if (by_lane)
        supersede_for(made, now);
    else
        board_.welcome(made);
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
    board_.welcome(*made);
}

} // namespace fenliu::transport
