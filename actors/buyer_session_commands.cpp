#include "actors/buyer_session.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "actors/admin_verbs.hpp"
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
    command_ = pending_command{
        link, 0, std::string{command.request_id}, std::string{account}, std::string{command.note}, routing::question::forward};
    if (const errc code = routing::check_command(value_, account, command.epoch); code != errc::ok) {
        answer_command(protocol::name(code), protocol::describe(code));
        return;
    }
    if (const errc code = routing::check_forward_chain(value_, command.to); code != errc::ok) {
        answer_command(protocol::name(code), "it was forwarded there already, or too often, without an answer in between");
        return;
    }
    ask_for(command.to);
}

void buyer_session::ask_for(std::string_view to) {
    auto made = request();
    made->to.clear();
    if (to.starts_with(group_prefix))
        made->group = to.substr(group_prefix.size());
    else
        made->to = to;
    routing_ = true;
    lane_.post(shop_.dispatcher.get(), route_me{std::move(made), command_->question});
}

void buyer_session::on_assign(const admin_call& call, std::string_view to, std::string_view note) {
    assert(!routing_);
    command_ = pending_command{
        call.link, call.rx, call.request_id, std::string{call.by()}, std::string{note}, routing::question::assign};
    if (value_.open()) return ask_for(to);
    answer_command(protocol::name(errc::expired), "the conversation is closed");
}

void buyer_session::on_pick(link_id link, std::string_view account, const protocol::pick& command) {
    command_ = pending_command{link, 0, std::string{command.request_id}, std::string{account}, {}, routing::question::pick};
    if (!waits() || value_.state == conversation_state::queued) {
        const errc code = value_.open() ? errc::forbidden : errc::expired;
        answer_command(protocol::name(code), "only a conversation in the offline pool can be picked");
        return;
    }
    ask_for(account);
}

void buyer_session::answer_command(std::string_view code, std::string_view detail) {
    if (!command_) return;
    const auto asked = std::move(*std::exchange(command_, std::nullopt));
    if (asked.question != routing::question::assign)
        return lane_.output().send(asked.link, protocol::result{asked.request_id, code, detail});
    nlohmann::json body{{"text", detail}};
    if (code == protocol::name(errc::ok)) {
        body = {{"conversation", id_}, {"owner", value_.owner}, {"epoch", value_.epoch}};
        audit(lane_, shop_.name, asked.account, "assign", body);
    }
    lane_.output().send(asked.link, protocol::admin_reply{asked.request_id, code, encode_body(body)});
    lane_.output().processed(asked.link, asked.rx);
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
