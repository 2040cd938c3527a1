// What clients decide to say: buyers who ask, come again and leave; agents who answer, forward, close, suspend; an admin.
#include <algorithm>
#include <array>

#include "actors/admin_verbs.hpp"
#include "actors/agent.hpp"
#include "world.hpp"

namespace fenliu::simulation {
namespace {

constexpr std::array words{"", "", "", "", " price", " invoice", " refund", " person"};

} // namespace

std::string world::command(const char* what) {
    auto id = ground_.book.fresh_id('r');
    ground_.book.commands[id] = what;
    return id;
}

void world::act(std::size_t) {
    if (dice_.one_in(60)) return administer();
    if (dice_.percent(45)) {
        auto& from = *frontends_[dice_.below(frontends_.size())];
        if (from.alive()) frontend_acts(from);
        return;
    }
    if (agents_.empty()) return;
    auto& from = *agents_[dice_.below(agents_.size())];
    if (from.alive()) agent_acts(from);
}

// --- frontends -----------------------------------------------------------------------------------------------------------------

void world::frontend_acts(frontend_device& from) {
    const auto drawn = dice_.below(100U);
    if (drawn < 70) return publish(from);
    if (drawn < 82) return publish_again(from);
    if (drawn < 90) return leave(from);
    if (drawn < 94) return rate_or_order(from);
    const auto& shop = dice_.one_of(plan_.shops);
    ground_.reached.reached(situation::attach);
    from.attach(shop.settings.name, dice_.one_of(shop.buyers));
}

void world::publish(frontend_device& from) {
    const auto& shop = dice_.one_of(plan_.shops);
    const auto& buyer = dice_.one_of(shop.buyers);
    const published line{shop.settings.name, buyer, ground_.book.fresh_id('m'), "words of " + buyer + dice_.one_of(words),
                         ground_.restarts};
    protocol::publish message{.msg_id = line.id, .shop = line.shop, .buyer = line.buyer, .text = line.text};
    if (dice_.one_in(10)) message.to = dice_.one_of(shop.accounts);
    if (dice_.one_in(2)) message.entry = dice_.one_in(3) ? "message_box" : "lit_icon";
    if (dice_.one_in(12)) message.group = "after";
    if (dice_.one_in(6)) {
        message.crowds.emplace();
        if (!dice_.one_in(3)) message.crowds->push_back("vip");
    }
    ground_.book.note(line.shop, line.buyer, line.id, line.text, from.number());
    from.publishes(line.id, line.shop, line.buyer);
    for (const auto* other : frontends_)
        if (other != &from && other->alive() && other->shown().contains({line.shop, line.buyer}))
            ground_.reached.reached(situation::two_devices_of_one_buyer);
    note("  " + buyer + " of " + line.shop + ": " + line.id + (message.to.empty() ? "" : " to " + std::string{message.to}) +
         line.text.substr(9));
    from.send(message);
    published_.push_back(line);
}

void world::publish_again(frontend_device& from) {
    if (published_.empty()) return;
    const auto recent = std::min<std::size_t>(published_.size(), 12);
    const auto line = published_[published_.size() - 1 - dice_.below(recent)];
    const auto known = ground_.known.line_of.find({line.shop + "\n" + line.buyer, line.id});
    if (line.restarts < ground_.restarts) ground_.reached.reached(situation::duplicate_publish_after_restart);
    if (known != ground_.known.line_of.end() && !ground_.known.find(known->second.first)->open())
        ground_.reached.reached(situation::duplicate_publish_after_close);
    const auto text = dice_.one_in(4) ? line.text + " changed" : line.text;
    note("  again " + line.id + " of " + line.buyer);
    ground_.book.note(line.shop, line.buyer, line.id, text, from.number());
    from.publishes(line.id, line.shop, line.buyer);
    from.send(protocol::publish{.msg_id = line.id, .shop = line.shop, .buyer = line.buyer, .text = text});
}

void world::leave(frontend_device& from) {
    const auto& shop = dice_.one_of(plan_.shops);
    const auto id = command("leave");
    note("  a buyer of " + shop.settings.name + " leaves");
    from.send(protocol::buyer_left{shop.settings.name, dice_.one_of(shop.buyers), id});
}

void world::rate_or_order(frontend_device& from) {
    const auto& shop = dice_.one_of(plan_.shops);
    const auto& buyer = dice_.one_of(shop.buyers);
    const auto id = command("rate or order");
    if (dice_.one_in(2))
        from.send(protocol::rating{shop.settings.name, buyer, dice_.between(1U, 5U), id});
    else
        from.send(protocol::order_event{shop.settings.name, buyer, "o1", protocol::order_status::paid, 100, id});
}

// --- agents --------------------------------------------------------------------------------------------------------------------

void world::agent_acts(agent_device& from) {
    const auto drawn = dice_.below(100U);
    if (drawn < 12) return change_presence(from);
    if (drawn < 18) return speak_out_of_turn(from);
    if (drawn < 22) return read_history(from);
    if (drawn < 28) return pick(from);
    if (from.desk().empty()) return;
    auto chosen = from.desk().begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(dice_.below(from.desk().size())));
    const auto [number, entry] = *chosen;
    if (drawn < 75) return say(from, number, entry.epoch);
    if (drawn < 85) return close(from, number, entry.epoch);
    if (drawn < 97) return forward(from, number, entry);
    const auto id = command("note");
    from.send(protocol::note{id, routing::to_id(number), "red", "a note"});
}

void world::say(agent_device& from, conversation_number number, std::uint64_t epoch) {
    const auto id = ground_.book.fresh_id('s');
    const auto text = "answer " + id;
    ground_.book.note(from.shop(), from.account(), id, text, from.number()).epochs.insert(epoch);
    from.answered(number);
    note("  " + from.account() + " says " + id + " in " + routing::to_id(number) + " at epoch " + std::to_string(epoch));
    from.send(protocol::say{id, routing::to_id(number), epoch, text});
}

void world::speak_out_of_turn(agent_device& from) {
    if (!from.former.empty() && dice_.one_in(2)) {
        const auto& [number, epoch] = *from.former.rbegin();
        return dice_.one_in(2) ? say(from, number, epoch) : close(from, number, epoch);
    }
    if (ground_.known.conversations.empty()) return;
    auto chosen = ground_.known.conversations.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(dice_.below(ground_.known.conversations.size())));
    say(from, chosen->first, chosen->second.epoch);
}

void world::close(agent_device& from, conversation_number number, std::uint64_t epoch) {
    const auto id = command("close");
    note("  " + from.account() + " closes " + routing::to_id(number));
    from.send(protocol::close{id, routing::to_id(number), epoch});
}

void world::forward(agent_device& from, conversation_number number, const desk_entry& entry) {
    const bool group = dice_.one_in(3);
    const auto id = command(group ? "forward to group" : "forward");
    const std::string to =
        group ? (dice_.one_in(2) ? "group:after" : "group:sales") : dice_.one_of(plan_.shop(from.shop()).accounts);
    note("  " + from.account() + " forwards " + routing::to_id(number) + " to " + to);
    from.forward(protocol::forward{id, routing::to_id(number), entry.epoch, to, "please"});
}

void world::change_presence(agent_device& from) {
    constexpr std::array states{protocol::presence::online,    protocol::presence::online,    protocol::presence::online,
                                protocol::presence::suspended, protocol::presence::invisible, protocol::presence::offline};
    const auto to = dice_.one_of(states);
    note("  " + from.account() + " is " + std::string{protocol::name(to)});
    from.set_presence(to, command("presence"));
}

void world::pick(agent_device& from) {
    for (const auto& [number, each] : ground_.known.conversations) {
        if (each.shop != from.shop() || !(each.pooled() || dice_.one_in(40))) continue;
        const auto id = command("pick");
        note("  " + from.account() + " picks " + routing::to_id(number));
        return from.send(protocol::pick{id, routing::to_id(number)});
    }
}

void world::read_history(agent_device& from) {
    const auto id = command("history");
    const auto& buyers = plan_.shop(from.shop()).buyers;
    const auto scope = static_cast<protocol::history_scope>(dice_.below(3));
    from.send(protocol::history_request{id, dice_.one_of(buyers), {}, dice_.between(1U, 20U), scope});
}

void world::administer() {
    if (!process_.up()) return;
    if (dice_.one_in(6)) return reload_policies();
    ask_as_admin();
}

void world::reload_policies() {
    std::vector<routing::shop_settings> settings;
    for (const auto& each : plan_.shops) {
        settings.push_back({each.settings.name, draw_policy(dice_, each), each.settings.accounts});
        allow_grace_of(each, settings.back().policy);
    }
    note("  the policies are loaded again");
    ground_.reached.reached(situation::policy_reload);
    process_.reload(settings);
}

void world::allow_grace_of(const shop_plan& shop, const routing::policy& policy) {
    auto& grace = ground_.shortest_grace[shop.settings.name];
    grace = std::min(grace, policy.loss_grace_ms);
}

void world::ask_as_admin() {
    const auto& shop = dice_.one_of(plan_.shops);
    const auto& account = dice_.one_of(shop.accounts);
    actors::admin_call call;
    call.shop = shop.settings.name;
    switch (dice_.below(6)) {
    case 0: {
        const auto policy = draw_policy(dice_, shop);
        allow_grace_of(shop, policy);
        call.verb = "policy.put";
        call.body = {{"text", policies_.name_of(policy)}};
        ground_.reached.reached(situation::policy_put);
        break;
    }
    case 1: {
        std::vector<conversation_number> open;
        for (const auto& [number, each] : ground_.known.conversations)
            if (each.open() && each.shop == call.shop) open.push_back(number);
        if (open.empty()) return;
        call.verb = "assign";
        call.body = {{"conversation", conversation_text(dice_.one_of(open))}, {"to", account}};
        break;
    }
    case 2:
        call.verb = "buyer.set";
        call.body = {{"buyer", dice_.one_of(shop.buyers)}, {"dedicated", account}, {"member", dice_.one_in(2)}};
        break;
    default:
        call.verb = "agent.set";
        call.body = {{"account", account}, {"cap", dice_.below(4U)}, {"participating", !dice_.one_in(5)}};
    }
    note("  an admin asks " + call.verb + " " + call.body.dump());
    process_.in_lane(call.shop, [this, call](actors::lane& in) {
        const auto answer = actors::answer_in_lane(in, call);
        const bool counted_here = call.verb == "agent.set" || call.verb == "buyer.set";
        if (answer && answer->code == protocol::errc::ok && counted_here) decisions_.done(call.verb);
    });
}

} // namespace fenliu::simulation
