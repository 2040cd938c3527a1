#include "network.hpp"

#include <algorithm>

namespace fenliu::simulation {
namespace {

constexpr std::size_t frames_for_a_slow_reader = 4; // then the socket takes no more

} // namespace

connection_id network::connect(std::size_t device) {
    all_[++last_].device = device;
    return last_;
}

timestamp_ms network::due_after(const std::deque<timed_frame>& queue) {
    const auto due = time_.steady() + dice_.below(delay_max_ + 1);
    return queue.empty() ? due : std::max(due, queue.back().due);
}

void network::send_up(connection_id id, std::string frame) {
    auto& link = all_.at(id);
    if (link.dead || link.broken || !link.at_broker) return;
    link.up.push_back({due_after(link.up), std::move(frame)});
}

std::optional<std::string> network::take_down(connection_id id) {
    auto& link = all_.at(id);
    if (link.stalled || link.down.empty() || link.down.front().due > time_.steady()) return std::nullopt;
    auto frame = std::move(link.down.front().bytes);
    link.down.pop_front();
    return frame;
}

bool network::readable(connection_id id) const {
    const auto& link = all_.at(id);
    return !link.stalled && !link.down.empty() && link.down.front().due <= time_.steady();
}

bool network::ended_for_client(connection_id id) const {
    const auto& link = all_.at(id);
    return (!link.at_broker || link.broken) && !link.dead && link.down.empty();
}

void network::leave(connection_id id) {
    auto& link = all_.at(id);
    link.at_client = false;
    link.down.clear();
    drop_if_gone(id);
}

transport::sent network::send(connection_id id, std::string_view frame) noexcept {
    const auto found = all_.find(id);
    if (found == all_.end() || !found->second.at_broker) return transport::sent::gone;
    auto& link = found->second;
    if (link.stalled && link.down.size() >= frames_for_a_slow_reader) return transport::sent::busy;
    on_sent(id, frame);
    if (!link.dead && !link.broken && link.at_client) link.down.push_back({due_after(link.down), std::string{frame}});
    return transport::sent::yes;
}

void network::cut(connection_id id) noexcept { forget_at_broker(id); }

void network::forget_at_broker(connection_id id) {
    const auto found = all_.find(id);
    if (found == all_.end()) return;
    found->second.at_broker = false;
    found->second.up.clear();
    drop_if_gone(id);
}

std::optional<std::string> network::take_up(connection_id id) {
    auto& link = all_.at(id);
    if (link.up.empty() || link.up.front().due > time_.steady()) return std::nullopt;
    auto frame = std::move(link.up.front().bytes);
    link.up.pop_front();
    return frame;
}

std::vector<connection_id> network::arrived() const {
    std::vector<connection_id> found;
    for (const auto& [id, link] : all_)
        if (link.at_broker && !link.up.empty() && link.up.front().due <= time_.steady()) found.push_back(id);
    return found;
}

std::vector<connection_id> network::ended_for_broker() const {
    std::vector<connection_id> found;
    for (const auto& [id, link] : all_)
        if (link.at_broker && (!link.at_client || link.broken) && !link.dead && link.up.empty()) found.push_back(id);
    return found;
}

void network::broker_died() {
    std::vector<connection_id> ids;
    for (const auto& [id, link] : all_)
        ids.push_back(id);
    for (const auto id : ids) {
        auto& link = all_.at(id);
        link.dead = false; // whoever speaks to it now is told
        link.stalled = false;
        link.down.resize(dice_.below(link.down.size() + 1));
        forget_at_broker(id);
    }
}

void network::break_link(connection_id id) {
    auto& link = all_.at(id);
    link.up.resize(dice_.below(link.up.size() + 1));
    link.down.resize(dice_.below(link.down.size() + 1));
    link.broken = true;
}

void network::make_half_open(connection_id id) {
    auto& link = all_.at(id);
    link.dead = true;
    link.up.clear();
    link.down.clear();
}

void network::stall(connection_id id, bool stalled) { all_.at(id).stalled = stalled; }

void network::heal() {
    for (auto& [id, link] : all_)
        link.stalled = false;
}

std::vector<connection_id> network::whole() const {
    std::vector<connection_id> found;
    for (const auto& [id, link] : all_)
        if (link.at_client && link.at_broker && !link.dead && !link.broken) found.push_back(id);
    return found;
}

bool network::quiet() const {
    return std::ranges::all_of(all_, [](const auto& each) {
        const auto& link = each.second;
        return (link.up.empty() || !link.at_broker) && (link.down.empty() || !link.at_client);
    });
}

std::optional<timestamp_ms> network::next_due() const {
    std::optional<timestamp_ms> next;
    const auto consider = [&](const std::deque<timed_frame>& queue) {
        if (!queue.empty() && queue.front().due > time_.steady() && (!next || queue.front().due < *next))
            next = queue.front().due;
    };
    for (const auto& [id, link] : all_) {
        if (link.at_broker) consider(link.up);
        if (link.at_client && !link.stalled) consider(link.down);
    }
    return next;
}

void network::drop_if_gone(connection_id id) {
    const auto& link = all_.at(id);
    if (!link.at_client && !link.at_broker) all_.erase(id);
}

} // namespace fenliu::simulation
