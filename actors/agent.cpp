#include "actors/agent.hpp"

#include <algorithm>
#include <cassert>

#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"
#include "actors/feed.hpp"
#include "actors/lane.hpp"

namespace fenliu::actors {

using protocol::presence;

agent::agent(caf::actor_config& config, lane& host, struct shop& shop, routing::account account)
    : hosted_actor{config, host}
    , shop_{shop}
    , account_{std::move(account)}
    , idle_since_{host.now()} {}

bool agent::held() const noexcept { return !gone_ && !online() && (awaiting_word_ || said_ != presence::offline); }

routing::agent_report agent::report() const {
    return {account_.name,
            online(),
            held(),
            account_.suspended || said_ == presence::invisible,
            account_.participating,
            account_.robot,
            static_cast<std::uint32_t>(open_.size() + reserved_.size()),
            account_.cap,
            idle_since_,
            shop_.policy->on_shift(account_.name, lane_.now())};
}

void agent::on_opened(const transport::link_opened& opened) {
    awaiting_word_ = reachable();
    if (awaiting_word_) arm_grace();
    account_.robot = opened.who->robot;
    link_ = opened.link;
    connected_ = true;
    said_ = presence::offline;
    lane_.output().admit(link_, protocol::errc::ok, {});
    for (const auto number : open_) {
        owner_attached message{link_, 0, opened.seen_given};
        for (const auto& each : opened.seen)
            if (routing::from_id(each.conversation) == number) message.seen = each.seq;
        if (const auto found = shop_.conversations.find(number); found != shop_.conversations.end())
            lane_.post(found->second.get(), message);
    }
    changed();
}

void agent::on_lost() {
    if (reachable()) arm_grace();
    connected_ = false;
    changed();
}

void agent::on_resumed() {
    connected_ = true;
    if (online()) {
        gone_ = false;
        tell_owned(owner_back{});
    }
    changed();
}

void agent::on_closed(link_id link) {
    if (link != link_) return; // superseded by a newer session
    const bool was_reachable = reachable();
    if (online()) arm_grace();
    awaiting_word_ = was_reachable;
    connected_ = false;
    link_ = 0;
    said_ = presence::offline;
    tell_owned(owner_detached{});
    changed();
}

void agent::on_presence(const protocol::presence_change& change) {
    said_ = change.state;
    awaiting_word_ = false;
    account_.suspended = change.state == presence::suspended || (change.state == presence::offline && account_.suspended);
    gone_ = said_ == presence::offline;
    changed(); // before the record, which holds the credit as it now stands
    record(account_.name);
    lane_.output().send(link_, protocol::result{change.request_id, "OK", {}});
    lane_.feed(shop_, "presence", [&](feed_map& map) {
        map.add("account", account_.name);
        map.add("presence", protocol::name(said_));
    });
    if (gone_)
        leave();
    else
        tell_owned(owner_back{});
}

void agent::set(std::uint32_t cap, bool participating, std::string_view by) {
    if (cap == account_.cap && participating == account_.participating) return;
    account_.cap = cap;
    account_.participating = participating;
    changed();
    record(by);
}

void agent::recover_conversation(conversation_number number) { open_.insert(number); }

void agent::recovered() {
    if (!open_.empty()) {
        awaiting_word_ = true;
        arm_grace();
    }
    changed();
}

void agent::handle(hosted_message&& message) {
    std::visit(
        [this]<class Message>(const Message& each) {
            if constexpr (requires { on(each); })
                on(each);
            else
                assert(false && "not a message of agent");
        },
        message);
}

void agent::on(const reserve& message) {
    const auto state = report();
    const bool holds = open_.contains(message.number) || reserved_.contains(message.number);
    const auto& terms = message.terms;
    const bool fulfils = (!terms.online || state.online) && (!terms.unsuspended || !state.suspended) &&
                         (!terms.participating || (state.participating && state.on_shift)) &&
                         (!terms.room || state.room() || holds);
    if (!fulfils) {
        lane_.post(shop_.dispatcher.get(), declined{message.number, state});
        return;
    }
    if (!holds) {
        reserved_.insert(message.number);
        idle_since_ = lane_.now();
    }
    lane_.post(shop_.dispatcher.get(), reserved{message.number, report(), link_});
}

void agent::on(const confirm& message) {
    if (reserved_.erase(message.number) == 0) return;
    open_.insert(message.number);
    ++received_;
}

void agent::on(const release_slot& message) {
    if (reserved_.erase(message.number) + open_.erase(message.number) > 0) changed();
}

void agent::on(const grace_over& message) {
    if (message.stamp != loss_ || !held()) return;
    gone_ = true;
    awaiting_word_ = false;
    changed();
    leave();
}

void agent::arm_grace() {
    gone_ = false;
    lane_.arm({lane_.steady() + shop_.policy->rules().loss_grace_ms, timer_kind::agent_grace, &shop_, 0, this, ++loss_});
}

void agent::leave() { tell_owned(owner_gone{}); }

void agent::record(std::string_view by) {
    account_.changed_at = lane_.now();
    account_.credit = shop_.dispatcher->credit(account_.name);
    lane_.output().record(routing::account_set{shop_.name, account_.name, lane_.now(), account_.cap, account_.participating,
                                               account_.suspended, account_.robot, said_, account_.credit, by});
}

void agent::changed() {
    // At once, not by the queue: an award decided later in this drain has to know.
    shop_.dispatcher->handle(agent_changed{report()});
}

void agent::tell_owned(const hosted_message& message) {
    std::vector<conversation_number> numbers{open_.begin(), open_.end()};
    std::sort(numbers.begin(), numbers.end()); // oldest first
    for (const auto number : numbers)
        if (const auto found = shop_.conversations.find(number); found != shop_.conversations.end())
            lane_.post(found->second.get(), message);
}

} // namespace fenliu::actors
