// The part of a session that watches whether its buyer is answered (R39, R54).
#include "actors/agent.hpp"
#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"
#include "actors/feed.hpp"
#include "actors/lane.hpp"

namespace fenliu::actors {

using routing::conversation_state;
using routing::overdue;
using routing::reason;

void buyer_session::watch_reply(routing::timestamp_ms waited) {
    if (unanswered_.seq != 0 || value_.owner_spoke || value_.state == conversation_state::robot) return;
    unanswered_ = {value_.transcript.last_seq(), lane_.steady() - waited, lane_.now() - waited, {}};
    while (const auto due = next_deadline()) {
        if (due->after_ms > waited) break;
        unanswered_.passed.set(static_cast<std::size_t>(due->what)); // told before a restart
    }
    arm_deadline();
}

std::optional<routing::deadline> buyer_session::next_deadline() const {
    const auto placed_by = value_.places.empty() ? reason::none : value_.places.back().reason;
    return routing::next_deadline(shop_.policy->rules(), after_sales_, placed_by, unanswered_.passed);
}

void buyer_session::arm_deadline() {
    const auto due = next_deadline();
    if (!due) return;
    const auto at = unanswered_.since_steady + due->after_ms;
    if (deadline_armed_ != 0 && deadline_armed_ <= at) return; // it is looked at then, and armed again
    deadline_armed_ = at;
    lane_.arm({at, timer_kind::reply, &shop_, value_.number, nullptr, 0});
}

void buyer_session::on(const reply_due&) {
    if (lane_.steady() < deadline_armed_) return; // a later one was armed since
    deadline_armed_ = 0;
    if (!value_.open() || unanswered_.seq == 0) return;
    const auto due = next_deadline();
    if (!due || lane_.steady() < unanswered_.since_steady + due->after_ms) return arm_deadline();
    unanswered_.passed.set(static_cast<std::size_t>(due->what));
    arm_deadline();
    if (due->what == overdue::slow_reply) return alert("slow_reply", false);
    if (due->what == overdue::after_sales) return alert("after_sales", true);
    const bool moved = std::ranges::any_of(value_.places, [](const auto& each) { return each.reason == reason::wait_reassign; });
    if (value_.state != conversation_state::assigned || moved || routing_) return alert("wait_escalate", true);
    routing_ = true;
    lane_.post(shop_.dispatcher.get(), route_me{request(), routing::question::wait});
}

void buyer_session::alert(std::string_view kind, bool main_too) {
    const protocol::alert message{id_, kind, unanswered_.since};
    if (owner_link_ != 0) lane_.output().send(owner_link_, message);
    const auto main = lane_.agent_for(shop_, shop_.name)->link();
    if (main_too && main != 0 && main != owner_link_) lane_.output().send(main, message);
    lane_.feed(shop_, "alert", [&](feed_map& map) {
        map.add("conversation", id_);
        map.add("kind", kind);
        map.add("agent", value_.owner);
        map.add("since", unanswered_.since);
    });
}

} // namespace fenliu::actors
