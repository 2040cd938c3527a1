#include "attendance_watch.hpp"

namespace fenliu::simulation {

void attendance_watch::lane_takes(const transport::inbound_batch& batch) {
    for (const auto* event : batch.events) {
        std::visit(
            [this](const auto& news) {
                if constexpr (requires { take(news); }) take(news);
            },
            *event);
        for (auto& [account, who] : on_.present)
            who.note_moment();
    }
}

void attendance_watch::lane_done() {
    for (auto& [account, who] : on_.present) {
        who.was_online = who.online();
        who.was_offline = !who.online();
    }
}

void attendance_watch::started() {
    on_.present.clear();
    for (const auto& [number, each] : on_.known.conversations)
        if (each.open() && !each.owner.empty()) on_.present[each.owner].lost_steady = on_.time.steady();
}

attendance* attendance_watch::of(transport::link_id link) {
    for (auto& [account, who] : on_.present)
        if (who.link == link) return &who;
    return nullptr;
}

void attendance_watch::lose(attendance& who) {
    if (who.online()) who.lost_steady = on_.time.steady();
    who.connected = false;
}

void attendance_watch::take(const transport::link_opened& news) {
    if (news.who->role != protocol::role::agent) return;
    auto& who = on_.present[news.who->account];
    if (who.connected) on_.reached.reached(situation::second_device_supersedes);
    lose(who);
    who.link = news.link;
    who.connected = true;
    who.said_online = false;
}

void attendance_watch::take(const transport::link_lost& news) {
    if (auto* who = of(news.link)) lose(*who);
}

void attendance_watch::take(const transport::link_resumed& news) {
    auto* who = of(news.link);
    if (who == nullptr) return;
    who->connected = true;
    if (!who->said_online) return;
    who->lost_steady = long_ago;
    on_.reached.reached(situation::agent_lost_and_back_within_grace);
}

void attendance_watch::take(const transport::link_closed& news) {
    auto* who = of(news.link);
    if (who == nullptr) return;
    if (!who->connected) on_.reached.reached(situation::session_expiry);
    lose(*who);
    who->said_online = false;
    who->link = 0;
}

} // namespace fenliu::simulation
