// The end of a run: no more faults, everybody is there and works, the clock goes on; then nothing may be left open, and what
// clients, the log and the archive know must agree (invariants 1, 25, 30).
#include <algorithm>

#include "actors/agent.hpp"
#include "world.hpp"

namespace fenliu::simulation {
namespace {

constexpr timestamp_ms quiet_within_ms = 3'000;
constexpr timestamp_ms end_within_ms = 900'000; // several times the longest silence, expiry and grace of a scenario

} // namespace

void world::settle() {
    note("the end begins");
    ground_.settling = true;
    // A bound below what one client has to be told is a fault, too: it ends with a restart.
    if (process_.up() && plan_.socket.outbox_bytes < limits::outbox_bytes) crash();
    plan_.socket.outbox_bytes = limits::outbox_bytes;
    if (!process_.up()) restart(0);
    network_.heal();
    for (const auto& shop : plan_.shops) {
        process_.in_lane(shop.settings.name, [&shop](actors::lane& in) {
            auto* found = in.shop_for(shop.settings.name);
            for (const auto& account : shop.accounts)
                in.agent_for(*found, account)->set(3, true, "admin");
        });
    }
    everybody_is_there();
    for (auto* each : agents_)
        if (each->alive()) each->set_presence(protocol::presence::online, command("presence"));
    const auto end = time_.steady() + end_within_ms;
    do {
        run_until_quiet();
        everybody_works();
        run_until_quiet();
        if (broken() || unresolved().empty()) break;
        everybody_is_there();
        pass_time(0);
    } while (time_.steady() < end);
    if (broken()) return;
    const auto left = unresolved();
    ground_.judged.check(left.empty(), 30, [&] { return left; });
    judge_history();
    if (!broken()) ground_.reached.reached(situation::everything_resolved);
}

// Once may not be enough: the hello of a device that is gone can arrive late and end the session of the one that is there.
void world::everybody_is_there() {
    for (const auto& shop : plan_.shops)
        for (const auto& account : shop.accounts)
            if (std::ranges::none_of(agents_, [&](const auto* each) { return each->account() == account && each->alive(); }))
                open_agent(account, false);
    if (std::ranges::none_of(frontends_, [](const auto* each) { return each->alive(); })) open_frontend();
}

void world::run_until_quiet() {
    const auto until = time_.steady() + quiet_within_ms; // with many clients some heartbeat is always on its way
    while (!broken() && time_.steady() < until) {
        auto events = machine_events();
        if (!events.empty())
            happen(events[dice_.below(events.size())]);
        else if (!quiet())
            happen({1, "time", 0, &world::pass_time});
        else
            return;
    }
}

void world::everybody_works() {
    for (auto* each : agents_) {
        if (!each->open() || each->unanswered() > 0) continue; // one thing after the other
        if (!each->presence_told()) each->set_presence(protocol::presence::online, command("presence"));
        const auto desk = each->desk(); // a copy: what is said may change it
        for (const auto& [number, entry] : desk) {
            if (entry.unanswered)
                say(*each, number, entry.epoch);
            else
                close(*each, number, entry.epoch);
        }
        if (ground_.policy(each->shop()).mode == routing::assignment_mode::manual) pick(*each);
    }
    for (const auto& [number, each] : ground_.known.conversations)
        if (each.open() && each.state == conversation_state::robot && each.lines.back().side == routing::side::buyer)
            ask_for_person(each.shop, each.buyer);
}

void world::ask_for_person(const std::string& shop, const std::string& buyer) {
    for (auto* each : frontends_) {
        if (!each->open() || each->unanswered() > 0) continue;
        const auto id = ground_.book.fresh_id('m');
        ground_.book.note(shop, buyer, id, "a person", each->number());
        each->publishes(id, shop, buyer);
        return each->send(protocol::publish{.msg_id = id, .shop = shop, .buyer = buyer, .text = "a person"});
    }
}

std::string world::unresolved() {
    for (const auto& [number, each] : ground_.known.conversations)
        if (each.open())
            return conversation_text(number) + " is still " + std::string{routing::name(each.state)} + " with " +
                   (each.owner.empty() ? "nobody" : each.owner);
    for (const auto& each : devices_)
        if (each->alive() && !(each->open() && each->unanswered() == 0))
            return "device " + std::to_string(each->number()) + " " + each->account() +
                   (each->open() ? "" : " has no session and") + " still waits for " + std::to_string(each->unanswered()) +
                   " answers";
    for (const auto* each : agents_)
        if (each->alive() && !each->desk().empty())
            return each->account() + " was never told the end of " + conversation_text(each->desk().begin()->first);
    for (const auto* each : frontends_)
        if (each->alive())
            if (auto missing = missing_reply(*each); !missing.empty()) return missing;
    return {};
}

std::string world::missing_reply(const frontend_device& of) const {
    for (const auto& [who, view] : of.shown()) {
        if (!view.entitled) continue;
        for (const auto& [number, conversation] : ground_.known.conversations) {
            if (conversation.shop != who.first || conversation.buyer != who.second) continue;
            for (std::size_t line = 0; line < conversation.lines.size(); ++line) {
                const frontend_device::place at{number, line + 1};
                if (conversation.lines[line].side == routing::side::buyer || at <= view.from || view.replies.contains(at))
                    continue;
                return "device " + std::to_string(of.number()) + " never got reply " + std::to_string(line + 1) + " of " +
                       conversation_text(number) + " for " + who.second + " of " + who.first + ", whom it shows from " +
                       conversation_text(view.from.first) + "/" + std::to_string(view.from.second) + " on";
            }
        }
    }
    return {};
}

void world::judge_history() {
    if (store_.unarchived() > 0)
        ground_.judged.check(store_.archive(store_.unarchived()), 25,
                             [] { return std::string{"the archive can't follow the log"}; });
    std::map<std::pair<std::string, std::string>, std::vector<const model_line*>> lines;
    for (const auto& [number, each] : ground_.known.conversations)
        for (const auto& line : each.lines)
            lines[{each.shop, each.buyer}].push_back(&line);
    for (const auto& [who, expected] : lines) {
        const auto found = store_.reader().read_history({who.first, who.second, 0, 0, limits::page_lines, 0, {}});
        const auto& page = std::get<0>(found).lines;
        const auto count = std::min<std::size_t>(expected.size(), limits::page_lines);
        const bool same = page.size() == count &&
                          std::equal(page.begin(), page.end(), expected.end() - static_cast<std::ptrdiff_t>(count),
                                     [](const auto& a, const auto* b) { return a.text == b->text && a.from == b->from; });
        ground_.judged.check(same, 1, [&] { return "the history of " + who.second + " is not what was written down"; });
    }
}

void world::count_devices() {
    auto& reached = ground_.reached;
    for (const auto& each : devices_) {
        reached.reached(situation::silent_reconnect, each->silent_reconnects);
        reached.reached(situation::session_without_memory, each->sessions_without_memory);
    }
    for (const auto* each : agents_)
        reached.reached(situation::resume_while_forward_is_under_way, each->resumed_in_forward);
    reached.reached(situation::outbox_bound, process_.figures().slow_closed);
}

} // namespace fenliu::simulation
