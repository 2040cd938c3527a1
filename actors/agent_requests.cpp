#include "actors/agent.hpp"
#include "actors/buyer_session.hpp"
#include "actors/history.hpp"
#include "actors/refusal.hpp"
#include "actors/requests.hpp"
#include "protocol/account.hpp"

namespace fenliu::actors {
namespace {

using protocol::errc;

constexpr std::string_view closed_or_unknown = "the conversation is closed, or this shop has none with that id";

/// The conversation in the peer's shop, or null.
buyer_session* session_of(lane& host, const peer& from, std::string_view conversation) {
    auto* shop = host.find_shop(from.who.shop);
    if (shop == nullptr) return nullptr;
    const auto found = shop->conversations.find(routing::from_id(conversation));
    return found == shop->conversations.end() ? nullptr : found->second.get();
}

void answer(lane& host, const peer& from, std::string_view request_id, errc code, std::string_view detail = {}) {
    host.output().send(from.link, protocol::result{request_id, protocol::name(code), detail});
}

} // namespace

void take(lane& host, const peer& from, const protocol::presence_change& message) {
    auto* shop = host.find_shop(from.who.shop);
    auto* account = shop == nullptr ? nullptr : host.agent_for(*shop, from.who.account);
    if (account == nullptr) return answer(host, from, message.request_id, errc::not_found, "no such account");
    if (account->link() != from.link) return answer(host, from, message.request_id, errc::superseded);
    account->on_presence(message);
}

void take(lane& host, const peer& from, const protocol::say& message) {
    if (auto* session = session_of(host, from, message.conversation))
        return session->on_say(from.link, from.who.account, message);
    refuse(host, from.link, message.msg_id, errc::expired, closed_or_unknown);
}

void take(lane& host, const peer& from, const protocol::forward& message) {
    auto* session = session_of(host, from, message.conversation);
    if (session == nullptr) return answer(host, from, message.request_id, errc::expired, closed_or_unknown);
    protocol::account_name name;
    if (!message.to.starts_with("group:"))
        if (const auto wrong = protocol::check_account(message.to, name))
            return answer(host, from, message.request_id, wrong->code, wrong->text);
    session->on_forward(from.link, from.who.account, message);
}

void take(lane& host, const peer& from, const protocol::close& message) {
    if (auto* session = session_of(host, from, message.conversation))
        return session->on_close(from.link, from.who.account, message);
    answer(host, from, message.request_id, errc::expired, closed_or_unknown);
}

void take(lane& host, const peer& from, const protocol::pick& message) {
    if (auto* session = session_of(host, from, message.conversation))
        return session->on_pick(from.link, from.who.account, message);
    answer(host, from, message.request_id, errc::expired, closed_or_unknown);
}

void take(lane& host, const peer& from, const protocol::note& message) {
    if (auto* session = session_of(host, from, message.conversation))
        return session->on_note(from.link, from.who.account, message);
    answer(host, from, message.request_id, errc::expired, closed_or_unknown);
}

void take(lane& host, const peer& from, const protocol::history_request& message) { read_history(host, from, message); }

} // namespace fenliu::actors
