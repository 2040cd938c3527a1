#include "session_lanes.hpp"

#include <utility>

#include "protocol/codec.hpp"
#include "require.hpp"

namespace fenliu::fuzz {

using transport::link_id;
using phase = link_book::phase;

namespace {

/// Who may send a kind, told independently of transport/permission.hpp.
bool may_send(protocol::role who, std::uint32_t kind) {
    switch (who) {
    case protocol::role::frontend:
        return kind >= 10 && kind <= 14;
    case protocol::role::agent:
        return (kind >= 30 && kind <= 36) || kind == 50;
    case protocol::role::admin:
        return kind == 34 || kind == 50;
    }
    return false;
}

} // namespace

void session_lanes::deliver(unsigned lane, transport::inbound_batch batch) noexcept { keep(lane, std::move(batch)); }
void session_lanes::deliver_admin(transport::inbound_batch batch) noexcept { keep(fuzz::lane_count, std::move(batch)); }

void session_lanes::keep(unsigned lane, transport::inbound_batch&& moved) {
    require(!moved.events.empty(), "a batch brings something");
    const auto batch = std::make_shared<const transport::inbound_batch>(std::move(moved));
    for (const auto* each : batch->events) {
        if (const auto* message = std::get_if<transport::received>(each)) {
            take(lane, *message, batch);
            continue;
        }
        require(lane < fuzz::lane_count, "the administration gets messages alone");
        if (const auto* opened = std::get_if<transport::link_opened>(each)) {
            auto [found, fresh] = links_.try_emplace(opened->link);
            found->second.who = opened->who;
            change(lane, opened->link, phase::unknown, phase::open);
            if (!fresh) continue;
            opened_.push_back(opened->link);
            if (opened->who->role == protocol::role::agent) waiting_.push_back(opened->link);
        } else if (const auto* lost = std::get_if<transport::link_lost>(each)) {
            change(lane, lost->link, phase::open, phase::lost);
        } else if (const auto* resumed = std::get_if<transport::link_resumed>(each)) {
            change(lane, resumed->link, phase::lost, phase::open);
        } else if (const auto* full = std::get_if<transport::link_full>(each)) {
            require(!std::exchange(links_[full->link].full, true), "a link is full once");
        } else if (const auto* roomy = std::get_if<transport::link_roomy>(each)) {
            require(std::exchange(links_[roomy->link].full, false), "a link has room after it was full");
        } else {
            const link_id link = std::get<transport::link_closed>(*each).link;
            change(lane, link, links_[link].at[lane], phase::closed);
        }
    }
}

void session_lanes::change(unsigned lane, link_id link, phase from, phase to) {
    link_book& of = links_[link];
    require(of.who != nullptr, "a link is opened first");
    require(of.who->role != protocol::role::agent || lane == lane_of(of.who->shop), "an agent's news go to the lane of its shop");
    require(of.at[lane] == from && from != to, "opened, lost and resumed by turns, closed once");
    require(!of.refused, "nothing is heard of a link that was not admitted");
    of.at[lane] = to;
    if (to != phase::unknown && on_change) on_change(link, to);
}

void session_lanes::take(unsigned lane, const transport::received& message,
                         const std::shared_ptr<const transport::inbound_batch>& batch) {
    require(links_.contains(message.link), "a message comes after its link was opened");
    link_book& of = links_[message.link];
    require(!of.refused, "nothing is received from who was not admitted");
    const bool to_lane = lane < fuzz::lane_count;
    require(!to_lane || of.at[lane] == phase::open || of.at[lane] == phase::lost, "nothing is received after the close");
    require(message.who == of.who.get(), "a message names who sent it");
    require(message.rx > of.newest[lane], "numbers rise");
    of.newest[lane] = message.rx;
    require(may_send(of.who->role, protocol::kind_of(message.message)), "a role sends its own kinds alone");
    require(to_lane != (protocol::kind_of(message.message) == 50), "the administration gets its requests and nothing else");
    if (const auto* publish = std::get_if<protocol::publish>(&message.message)) {
        require(lane == lane_of(publish->shop), "a line goes to the lane of its shop");
        require(of.who->shop.empty() || publish->shop == of.who->shop, "a bound session names its own shop");
    }
    require(of.pending.insert(message.rx).second, "a number is used once");
    require(of.pending.size() <= window_, "what is in flight is within the credit");
    held_.push_back({batch, &message, std::string(protocol::ref_of(message.message).value_or(""))});
}

std::vector<link_id> session_lanes::take_opened() { return std::exchange(opened_, {}); }

void session_lanes::admit(std::uint32_t which, bool ok, transport::outbound_batch& out) {
    const auto chosen = waiting_.begin() + static_cast<std::ptrdiff_t>(which % waiting_.size());
    const link_id link = *chosen;
    waiting_.erase(chosen);
    link_book& of = links_[link];
    if (!ok && !of.over()) of.refused = true;
    out.admissions.push_back({link, ok ? protocol::errc::ok : protocol::errc::not_found, ok ? "" : "no such account"});
}

void session_lanes::process(std::uint32_t which, transport::outbound_batch& out) {
    const auto chosen = held_.begin() + static_cast<std::ptrdiff_t>(which % held_.size());
    const held_message taken = std::move(*chosen);
    held_.erase(chosen);
    const link_id link = taken.message->link;
    require(protocol::ref_of(taken.message->message).value_or("") == taken.ref, "a batch keeps its bytes");
    if (!taken.ref.empty()) add_send(link, taken.ref, 0, out);
    links_[link].pending.erase(taken.message->rx);
    out.processed.push_back({link, taken.message->rx, taken.message->rx});
}

void session_lanes::send(std::uint32_t which, std::size_t padding, transport::outbound_batch& out) {
    if (links_.empty()) return;
    const auto chosen = std::next(links_.begin(), static_cast<std::ptrdiff_t>(which % links_.size()));
    // Nothing is sent before the admission; what is sent to a closed link is dropped.
    for (const link_id waits : waiting_)
        if (waits == chosen->first) return;
    add_send(chosen->first, "unasked", padding, out);
}

void session_lanes::add_send(link_id link, std::string_view ref, std::size_t padding, transport::outbound_batch& out) {
    link_book& of = links_[link];
    if (!of.over()) ++of.sends;
    const std::string detail = std::to_string(link) + ":" + std::to_string(of.sends) + ":" + std::string(padding, '.');
    const std::size_t before = out.bytes.size();
    protocol::encode(out.bytes, protocol::result{ref, "OK", detail});
    out.sends.push_back({link, static_cast<std::uint32_t>(out.bytes.size() - before)});
}

void session_lanes::check_accounts() const {
    std::set<std::string> open;
    for (const auto& [link, of] : links_)
        if (of.who->role == protocol::role::agent && !of.over())
            require(open.insert(of.who->account).second, "one live session an account");
}

} // namespace fenliu::fuzz
