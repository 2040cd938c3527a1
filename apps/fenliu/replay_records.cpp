#include "apps/fenliu/replay_records.hpp"

#include <utility>

#include "apps/fenliu/connection.hpp"
#include "apps/fenliu/fresh_id.hpp"
#include "protocol/limits.hpp"

namespace fenliu::apps::fenliu {

namespace {

transport::client_options options_for(const common_options& options, const std::string& shop) {
    auto out = client_options_for(options, protocol::role::admin);
    out.shop = shop;
    return out;
}

} // namespace

replay_records::replay_records(const common_options& options, std::string shop, listener told)
    : shop_(std::move(shop))
    , told_(std::move(told))
    , client_(
          options_for(options, shop_),
          {.on_message = [this](const protocol::message& value) { received(value); }, .on_open = {}, .on_lost = {}, .seen = {}}) {
}

void replay_records::read_history(const std::string& buyer) { ask({subject::history, buyer, {}, 0}); }
void replay_records::set_cap(const std::string& account, std::uint32_t cap) { ask({subject::cap, account, {}, cap}); }
void replay_records::ask_state(const std::string& conversation) { ask({subject::state, conversation, {}, 0}); }

void replay_records::ask_again() {
    for (auto& each : std::exchange(refused_, {}))
        ask(std::move(each));
}

void replay_records::ask(question what) {
    const auto id = fresh_id();
    if (what.about == subject::history) {
        client_.send(protocol::history_request{id, what.name, what.cursor, limits::page_lines, protocol::history_scope::all});
    } else if (what.about == subject::cap) {
        const auto body = bytes_of({{"shop", shop_}, {"account", what.name}, {"cap", what.cap}});
        client_.send(protocol::admin_request{id, "agent.set", body});
    } else {
        const auto body = bytes_of({{"shop", shop_}, {"id", what.name}});
        client_.send(protocol::admin_request{id, "explain", body});
    }
    asked_.emplace(id, std::move(what));
}

void replay_records::received(const protocol::message& value) {
    const auto ref = protocol::ref_of(value);
    auto found = ref ? asked_.find(*ref) : asked_.end();
    if (found == asked_.end()) return;
    const auto what = std::move(asked_.extract(found).mapped());
    if (const auto* page = std::get_if<protocol::history_page>(&value)) {
        const auto part = part_of(*page);
        told_.on_history(what.name, part.lines);
        if (!part.cursor.empty()) ask({subject::history, what.name, part.cursor, 0});
    } else if (const auto* reply = std::get_if<protocol::admin_reply>(&value)) {
        const auto body = body_of(reply->body);
        if (reply->code != protocol::name(protocol::errc::ok))
            refused(what, reply->code, cell(body, "text"));
        else if (what.about == subject::state)
            told_.on_state(what.name, cell(body, "state") == "closed");
    } else if (const auto* result = std::get_if<protocol::result>(&value)) {
        refused(what, result->code, result->detail);
    } else if (const auto* error = std::get_if<protocol::error>(&value)) {
        refused(what, error->code, error->text);
    }
}

void replay_records::refused(const question& what, std::string_view code, std::string_view text) {
    const auto known = protocol::errc_of(code);
    if (known && protocol::retryable(*known)) {
        refused_.push_back(what);
        return;
    }
    // A shop or buyer that nobody spoke of yet has no history.
    if (what.about == subject::history && known == protocol::errc::not_found) return;
    if (!failed_) failed_ = answered_with(code, text);
}

} // namespace fenliu::apps::fenliu
