#include "actors/buyer_session.hpp"

#include <cassert>

#include "actors/feed.hpp"
#include "actors/lane.hpp"
#include "actors/refusal.hpp"
#include "protocol/account.hpp"

namespace fenliu::actors {

using protocol::errc;
using routing::conversation_state;

buyer_session::buyer_session(caf::actor_config& config, lane& host, struct shop& shop, buyer_entry& entry,
                             routing::conversation value)
    : hosted_actor{config, host}
    , shop_{shop}
    , entry_{entry}
    , value_{std::move(value)}
    , id_{routing::to_id(value_.number)} {
    spoken_steady_ = host.steady();
    if (!value_.open()) closed_steady_ = host.steady();
}

void buyer_session::handle(hosted_message&& message) {
    std::visit(
        [this]<class Message>(Message& each) {
            if constexpr (requires { on(each); })
                on(each);
            else
                assert(false && "not a message of buyer_session");
        },
        message);
}

void buyer_session::on_publish(link_id link, const protocol::publish& line) {
    const auto decision = routing::add_buyer_line(value_, line.msg_id, line.text, lane_.now());
    if (const auto* code = std::get_if<errc>(&decision)) {
        refuse(lane_, shop_, link, line.msg_id, *code);
        return;
    }
    if (const auto* repeated = std::get_if<routing::repeated_line>(&decision)) {
        ++shop_.figures.duplicates;
        lane_.output().send(link, protocol::stored{line.msg_id, id_, repeated->seq, true});
        return;
    }
    const auto& added = std::get<routing::line_added>(decision);
    lane_.output().record(added);
    routing::apply(value_, added);
    spoken_steady_ = lane_.steady();
    ++shop_.figures.published;
    lane_.output().send(link, protocol::stored{line.msg_id, id_, added.seq, false});
    lane_.feed(shop_, "message", [&](feed_map& map) {
        map.add("conversation", id_);
        map.add("seq", added.seq);
        map.add("side", "buyer");
    });
    after_line(line.to);
}

void buyer_session::after_line(std::string_view to) {
    const bool elsewhere = !to.empty() && !protocol::is_main(to) && to != value_.owner;
    if (value_.state == conversation_state::assigned && owner_reachable_ && !elsewhere) {
        deliver_pending();
        return;
    }
    const bool waits = value_.state == conversation_state::queued || value_.state == conversation_state::pooled;
    if (routing_ || (waits && !elsewhere)) return;
    to_ = to;
    ask();
}

void buyer_session::deliver_pending() {
    if (owner_link_ == 0) return;
    while (delivered_ < value_.transcript.last_seq()) {
        const auto line = value_.transcript.at(++delivered_);
        if (!line || line->side != routing::side::buyer) continue;
        ++shop_.figures.delivered;
        lane_.output().send(owner_link_, protocol::buyer_line{id_, line->seq, value_.buyer, line->text, line->at});
    }
}

void buyer_session::on_say(link_id link, std::string_view account, const protocol::say& line) {
    const auto decision = routing::add_agent_line(value_, account, line.epoch, line.msg_id, line.text, lane_.now());
    if (const auto* code = std::get_if<errc>(&decision)) {
        refuse(lane_, shop_, link, line.msg_id, *code);
        return;
    }
    if (const auto* repeated = std::get_if<routing::repeated_line>(&decision)) {
        ++shop_.figures.duplicates;
        lane_.output().send(link, protocol::said{line.msg_id, id_, repeated->seq, true});
        return;
    }
    const auto& added = std::get<routing::line_added>(decision);
    lane_.output().record(added);
    routing::apply(value_, added);
    routing::apply(entry_.facts, added);
    delivered_ = added.seq; // who answers has what came before
    spoken_steady_ = lane_.steady();
    ++shop_.figures.said;
    lane_.output().send(link, protocol::said{line.msg_id, id_, added.seq, false});
    to_followers(protocol::reply{shop_.name, value_.buyer, id_, added.seq, account, line.text, added.at});
    lane_.feed(shop_, "message", [&](feed_map& map) {
        map.add("conversation", id_);
        map.add("seq", added.seq);
        map.add("side", "agent");
    });
    watch_silence();
}

} // namespace fenliu::actors
