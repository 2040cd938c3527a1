#include "actors/buyer_session.hpp"

#include <cassert>

#include "actors/feed.hpp"
#include "actors/lane.hpp"
#include "actors/refusal.hpp"
#include "protocol/account.hpp"

namespace fenliu::actors {

using protocol::errc;
using routing::conversation_state;

namespace {

constexpr std::string_view entry_lit_icon = "lit_icon", entry_message_box = "message_box"; // a publish's `entry`

} // namespace

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
    watch_reply();
    after_line(line, added);
}

void buyer_session::after_line(const protocol::publish& line, const routing::line_added& added) {
    const bool elsewhere = !line.to.empty() && !protocol::is_main(line.to) && line.to != value_.owner;
    const bool may_prompt = line.entry == entry_lit_icon && !shop_.policy->rules().priority_crowds.empty();
    if (value_.state == conversation_state::assigned && owner_reachable_ && !elsewhere && !may_prompt) {
        deliver_newest(added);
        return;
    }
    const bool in_line = value_.state == conversation_state::queued || value_.state == conversation_state::pooled;
    if (routing_ || (in_line && !elsewhere && !is_emergency(line.text))) return;
    keep_message(line);
    ask();
}

bool buyer_session::is_emergency(std::string_view text) const {
    return value_.wait_class < static_cast<std::uint8_t>(routing::wait_class::emergency) && shop_.policy->read(text).emergency;
}

void buyer_session::keep_message(const protocol::publish& line) {
    message_ = std::make_unique<routing::route_request>();
    message_->to = line.to;
    message_->text = line.text;
    message_->seq = value_.transcript.last_seq();
    message_->message_id = line.msg_id;
    message_->entry = line.entry == entry_lit_icon      ? routing::entry_kind::lit_icon
                      : line.entry == entry_message_box ? routing::entry_kind::message_box
                                                        : routing::entry_kind::none;
    message_->clicked_group = line.group;
    message_->product = line.product;
    message_->order = line.order;
    message_->tags.assign(line.tags.begin(), line.tags.end());
    for (const auto tag : {line.region, line.level})
        if (!tag.empty()) message_->tags.emplace_back(tag);
}

void buyer_session::on_archived(const storage::archived_conversation& known) {
    archived_ = archived_ || known.closed;
    const auto last = value_.transcript.last_seq();
    if (last <= limits::dedupe_lines || entry_.joining.lock()) return;
    // What its owner is still to get stays, unless it is more than can be sent.
    const auto needed = std::max(delivered_, last - std::min<std::uint64_t>(last, limits::undelivered_lines));
    value_.transcript.drop_below(std::min({known.lines, last - limits::dedupe_lines, needed}) + 1);
}

void buyer_session::deliver_newest(const routing::line_added& added) {
    if (delivering_ || owner_link_ == 0 || delivered_ + 1 != added.seq || lane_.is_full(owner_link_))
        deliver_pending();
    else
        deliver(added.seq, added.text, added.at);
}

void buyer_session::deliver(std::uint64_t seq, std::string_view text, routing::timestamp_ms at) {
    delivered_ = seq;
    ++shop_.figures.delivered;
    lane_.output().send(owner_link_, protocol::buyer_line{id_, seq, value_.buyer, text, at});
}

void buyer_session::deliver_pending() {
    if (!delivering_) go_on_delivering();
}

void buyer_session::go_on_delivering() {
    delivering_ = false;
    if (owner_link_ == 0 || lane_.is_full(owner_link_)) return;
    if (delivered_ + 1 < value_.transcript.last_seq()) lane_.output().owes(owner_link_);
    for (std::size_t lines = 0; delivered_ < value_.transcript.last_seq(); ++lines) {
        if (lines == limits::turn_delivered) {
            delivering_ = true;
            lane_.go_on_delivering(shop_, value_.number);
            return;
        }
        if (delivered_ + 1 < value_.transcript.first_held()) return read_pending();
        const auto line = value_.transcript.at(++delivered_);
        if (line && line->side == routing::side::buyer) deliver(line->seq, line->text, line->at);
    }
}

void buyer_session::read_pending() {
    delivering_ = true;
    const auto end = std::min(value_.transcript.first_held(), delivered_ + 1 + limits::page_lines);
    storage::history_query query{.shop = shop_.name,
                                 .buyer = value_.buyer,
                                 .below_number = value_.number,
                                 .below_seq = end,
                                 .limit = limits::page_lines,
                                 .above_number = value_.number,
                                 .above_seq = delivered_};
    lane_.store().read_history(std::move(query), [&shop = shop_, number = value_.number, after = delivered_, end,
                                                  back = lane_.resumer()](storage::history_answer found) {
        back([&shop, number, after, end, found = std::move(found)](lane&) {
            const auto session = shop.conversations.find(number);
            if (session != shop.conversations.end()) session->second->deliver_archived(after, end, found);
        });
    });
}

void buyer_session::deliver_archived(std::uint64_t after, std::uint64_t end, const storage::history_answer& found) {
    // Meanwhile the owner may have come back with another place, or another have come; or it is to read first what it has.
    if (owner_link_ != 0 && delivered_ == after && !lane_.is_full(owner_link_)) {
        lane_.output().owes(owner_link_);
        for (const auto& each : found.lines)
            if (each.side == routing::side::buyer) deliver(each.seq, each.text, each.at);
        delivered_ = end - 1;
    }
    go_on_delivering();
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
    if (delivered_ + 1 == added.seq) delivered_ = added.seq; // else lines from before it are still to come
    if (added.side == routing::side::agent) unanswered_ = {};
    spoken_steady_ = lane_.steady();
    ++shop_.figures.said;
    lane_.output().send(link, protocol::said{line.msg_id, id_, added.seq, false});
    to_followers(protocol::reply{shop_.name, value_.buyer, id_, added.seq, account, line.text, added.at});
    lane_.feed(shop_, "message", [&](feed_map& map) {
        map.add("conversation", id_);
        map.add("seq", added.seq);
        map.add("side", routing::name(added.side));
    });
    watch_silence();
}

} // namespace fenliu::actors
