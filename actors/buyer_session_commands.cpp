#include "actors/buyer_session.hpp"

#include <algorithm>
#include <cassert>

#include "actors/dispatcher.hpp"
#include "actors/lane.hpp"
#include "protocol/account.hpp"

namespace fenliu::actors {

using protocol::errc;
using routing::conversation_state;

namespace {

constexpr std::string_view group_prefix = "group:";

} // namespace

void buyer_session::on_forward(link_id link, std::string_view account, const protocol::forward& command) {
    assert(!routing_); // an award is made within the drain that asked for it
    command_ = pending_command{link, std::string{command.request_id}, std::string{account}, std::string{command.note}, true};
    if (const errc code = routing::check_command(value_, account, command.epoch); code != errc::ok) {
        answer_command(protocol::name(code), protocol::describe(code));
        return;
    }
    if (const errc code = routing::check_forward_chain(value_, command.to); code != errc::ok) {
        answer_command(protocol::name(code), "it was forwarded there already, or too often, without an answer in between");
        return;
    }
    auto made = request();
    if (command.to.starts_with(group_prefix))
        made->group = command.to.substr(group_prefix.size());
    else
        made->to = command.to;
    routing_ = true;
    lane_.post(shop_.dispatcher.get(), forward_me{std::move(made)});
}

void buyer_session::on_pick(link_id link, std::string_view account, const protocol::pick& command) {
    command_ = pending_command{link, std::string{command.request_id}, std::string{account}, {}, false};
    if (value_.state != conversation_state::pooled) {
        const errc code = value_.open() ? errc::forbidden : errc::expired;
        answer_command(protocol::name(code), "only a conversation in the offline pool can be picked");
        return;
    }
    auto made = request();
    made->to = account;
    made->pick = true;
    routing_ = true;
    lane_.post(shop_.dispatcher.get(), forward_me{std::move(made)});
}

void buyer_session::answer_command(std::string_view code, std::string_view detail) {
    if (!command_) return;
    lane_.output().send(command_->link, protocol::result{command_->request_id, code, detail});
    command_.reset();
}

void buyer_session::on_close(link_id link, std::string_view account, const protocol::close& command) {
    const errc code = routing::check_command(value_, account, command.epoch);
    if (code == errc::ok) close("agent");
    const auto detail = code == errc::ok ? std::string_view{} : protocol::describe(code);
    lane_.output().send(link, protocol::result{command.request_id, protocol::name(code), detail});
}

void buyer_session::on_note(link_id link, std::string_view account, const protocol::note& command) {
    const bool allowed = protocol::is_main(account) || value_.owned_by(account);
    const bool repeated = std::any_of(value_.notes.begin(), value_.notes.end(), [&](const routing::annotation& each) {
        return each.by == account && each.request_id == command.request_id;
    });
    if (allowed && !repeated) {
        const routing::note_added fact{value_.number, lane_.now(), account, command.request_id, command.flag, command.text};
        lane_.output().record(fact);
        routing::apply(value_, fact);
    }
    const errc code = allowed ? errc::ok : errc::forbidden;
    const auto detail = allowed ? std::string_view{} : "only main and accounts that had the conversation may add to it";
    lane_.output().send(link, protocol::result{command.request_id, protocol::name(code), detail});
}

void buyer_session::close(std::string_view cause) {
    if (!value_.open()) return;
    const bool waited = waits();
    leave_owner("closed");
    if (waited) lane_.post(shop_.dispatcher.get(), left_line{value_.number});
    const routing::conversation_closed fact{value_.number, lane_.now(), cause};
    lane_.output().record(fact);
    routing::apply(value_, fact);
    routing::apply(entry_.facts, fact);
    closed_steady_ = lane_.steady();
    tell_routed("CLOSED", {}, 0, 0);
    entry_.current = nullptr;
    entry_.past.push_back(this);
}

void buyer_session::watch_silence() {
    if (silence_armed_) return;
    silence_armed_ = true;
    lane_.arm(
        {spoken_steady_ + shop_.policy->rules().session_silence_ms, timer_kind::silence, &shop_, value_.number, nullptr, 0});
}

void buyer_session::on(const silence_due&) {
    silence_armed_ = false;
    if (!value_.open() || !value_.owner_spoke || waits()) return; // unanswered, queued and pooled ones never end by silence
    if (lane_.steady() - spoken_steady_ >= shop_.policy->rules().session_silence_ms)
        close("silence");
    else
        watch_silence();
}

} // namespace fenliu::actors
