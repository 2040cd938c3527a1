#include "actors/lane.hpp"

#include <algorithm>
#include <exception>

#include "actors/agent.hpp"
#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"
#include "actors/feed.hpp"
#include "actors/refusal.hpp"
#include "actors/requests.hpp"
#include "protocol/limits.hpp"

namespace fenliu::actors {
namespace {

constexpr std::size_t policy_part_bytes = limits::record_bytes / 2; // with room for the other fields
constexpr auto tick_interval = std::chrono::milliseconds{250};      // coarse: the shortest rule is a second

} // namespace

lane::lane(caf::actor_config& config, lane_options options)
    : caf::event_based_actor{config}
    , options_{std::move(options)} {}

lane::~lane() = default;

caf::behavior lane::make_behavior() {
    return {
        [this](begin_work) { begin(); },
        [this](const inbound& message) { take_inbound(*message.batch); },
        [this](hosted_mail& message) { take_mail(message); },
        [this](const continuation& message) {
            read_clocks();
            message.run(*this);
            finish();
        },
        [this](const archived& message) { take_archived(message); },
        [this](const settings_changed& message) { take_settings(message); },
        [this](tick) { take_tick(); },
    };
}

void lane::begin() {
    read_clocks();
    for (auto& each : *options_.recovered)
        rebuild(each);
    options_.recovered.reset();
    for (const auto& [name, each] : options_.configured->shops)
        if (serves(name)) shop_for(name);
    finish();
}

void lane::read_clocks() {
    now_ = options_.clocks.wall();
    steady_ = options_.clocks.steady();
}

// --- input -------------------------------------------------------------------------------------------------------------------

void lane::take_inbound(transport::inbound_batch& batch) {
    read_clocks();
    for (auto* each : batch.events) {
        take_event(*each);
        deliver_local();
    }
    finish();
}

void lane::take_event(transport::event& each) {
    if (auto* message = std::get_if<transport::received>(&each)) return take_received(*message);
    if (const auto* opened = std::get_if<transport::link_opened>(&each)) {
        if (opened->who->role != protocol::role::agent) {
            frontends_.insert(opened->link);
            return;
        }
        auto* shop = shop_for(opened->who->shop);
        auto* account = shop == nullptr ? nullptr : agent_for(*shop, opened->who->account);
        if (account == nullptr)
            return output_.admit(opened->link, protocol::errc::not_found,
                                 "no account " + opened->who->account +
                                     "; name it in the configuration, or set auto_create = true");
        agents_[opened->link] = account;
        return account->on_opened(*opened);
    }
    const auto link = std::visit([](const auto& event) { return event.link; }, each);
    const auto found = agents_.find(link);
    if (std::holds_alternative<transport::link_closed>(each)) {
        frontends_.erase(link);
        std::erase_if(uploads_, [&](const policy_upload& upload) { return upload.link == link; });
        if (found == agents_.end()) return;
        auto* account = found->second;
        agents_.erase(found);
        full_.erase(link);
        return account->on_closed(link);
    }
    if (found == agents_.end() || found->second->link() != link) return;
    if (std::holds_alternative<transport::link_full>(each)) full_.insert(link);
    if (std::holds_alternative<transport::link_roomy>(each) && full_.erase(link) > 0) found->second->on_roomy();
    if (std::holds_alternative<transport::link_lost>(each)) found->second->on_lost();
    if (std::holds_alternative<transport::link_resumed>(each)) found->second->on_resumed();
}

void lane::take_received(transport::received& each) {
    const peer from{each.link, *each.who};
    output_.begin_step();
    try {
        std::visit(
            [&]<class Message>(const Message& message) {
                if constexpr (requires { take(*this, from, message); }) take(*this, from, message);
            },
            each.message);
    } catch (const std::exception&) {
        // Deciding failed: nothing has changed, the sender is told. After the first record the state can't be trusted: end.
        if (!output_.undo_step()) throw;
        if (const auto ref = protocol::ref_of(each.message)) refuse(*this, each.link, ref, protocol::errc::internal);
    }
    output_.processed(each.link, each.rx);
}

void lane::take_mail(hosted_mail& mail) {
    read_clocks();
    static_cast<hosted_actor*>(caf::actor_cast<caf::abstract_actor*>(mail.to))->handle_mail(*mail.element);
    finish();
}

void lane::deliver_local() {
    while (!local_.empty()) {
        parcel next = std::move(local_.front());
        local_.pop_front();
        next.to->handle(std::move(next.message));
    }
}

void lane::forget_buyers() {
    for (const auto& [shop, buyer] : forgotten_) {
        const auto found = shop->buyers.find(buyer);
        for (const auto* session : found->second.past)
            retired_.emplace_back(shop, session->value().number);
    }
}

void lane::finish() {
    deliver_local();
    forget_buyers();
    for (const auto& [shop, number] : retired_) {
        const auto found = shop->conversations.find(number);
        if (found == shop->conversations.end()) continue;
        found->second->retire();
        shop->conversations.erase(found);
    }
    retired_.clear();
    for (const auto& [shop, buyer] : forgotten_)
        shop->buyers.erase(buyer);
    forgotten_.clear();
    output_.flush(*options_.store, options_.egress);
}

// --- time --------------------------------------------------------------------------------------------------------------------

void lane::arm(timer each) {
    timers_.arm(each);
    schedule_tick();
}

void lane::schedule_tick() {
    if (tick_pending_ || timers_.empty()) return;
    tick_pending_ = true;
    delayed_send(this, tick_interval, tick{});
}

void lane::take_tick() {
    tick_pending_ = false;
    read_clocks();
    for (timer due; timers_.take_due(steady_, due); deliver_local())
        take_timer(due);
    finish();
    schedule_tick();
}

void lane::take_timer(const timer& each) {
    if (each.kind == timer_kind::agent_grace) return each.agent->handle(grace_over{each.stamp});
    if (each.kind == timer_kind::line_positions) return each.shop->dispatcher->handle(tell_positions{});
    if (each.kind == timer_kind::shift) return each.shop->dispatcher->handle(shift_due{});
    const auto found = each.shop->conversations.find(each.number);
    if (found == each.shop->conversations.end()) return;
    auto& session = *found->second.get();
    if (each.kind == timer_kind::silence) return session.handle(silence_due{});
    if (each.kind == timer_kind::reply) return session.handle(reply_due{});
    if (each.kind == timer_kind::direct_grace) return session.handle(direct_grace_due{});
    retire(*each.shop, each.number);
}

void lane::go_on_delivering(struct shop& shop, conversation_number number) {
    resumer()([&shop, number](lane&) {
        const auto found = shop.conversations.find(number);
        if (found != shop.conversations.end()) found->second->go_on_delivering();
    });
}

// --- shops -------------------------------------------------------------------------------------------------------------------

struct shop* lane::find_shop(std::string_view name) {
    const auto found = shops_.find(name);
    return found == shops_.end() ? nullptr : found->second.get();
}

struct shop* lane::shop_for(std::string_view name) {
    if (auto* known = find_shop(name)) return known;
    if (options_.configured->find(name) == nullptr && !options_.auto_create) return nullptr;
    auto& made = add_shop(name);
    output_.record(routing::shop_made{made.name, now_});
    apply_settings(made);
    return &made;
}

struct shop& lane::add_shop(std::string_view name) {
    auto& made = shops_[std::string{name}];
    made = std::make_unique<struct shop>();
    made->name = name;
    made->policy = options_.configured->defaults;
    made->seed = std::hash<std::string_view>{}(name);
    made->dispatcher = spawn_hosted<dispatcher>(system(), *this, *made);
    return *made;
}

void lane::apply_settings(struct shop& shop) {
    const auto* settings = options_.configured->find(shop.name);
    apply_configured_policy(shop, settings);
    // main always exists: it receives what nobody else can (R6)
    add_account(shop, shop.name, shop.policy->rules().default_cap, true);
    if (settings != nullptr)
        for (const auto& each : settings->accounts) {
            add_account(shop, each.name, each.cap, each.participating);
            shop.agents.find(each.name)->second->set(each.cap, each.participating, "config");
        }
    shop.dispatcher->policy_changed();
}

void lane::apply_configured_policy(struct shop& shop, const configured_shop* settings) {
    const auto& policy = settings != nullptr ? settings->policy : options_.configured->defaults;
    const auto text = options_.language.write ? options_.language.write(shop.name, policy->rules()) : std::string{};
    const auto last =
        std::ranges::find(shop.versions.rbegin(), shop.versions.rend(), routing::configuration, &routing::policy_version::source);
    if (last == shop.versions.rend() || last->text != text)
        return put_policy(shop, policy, text, routing::configuration, routing::configuration, {});
    if (last == shop.versions.rbegin()) shop.policy = policy;
}

void lane::put_policy(struct shop& shop, std::shared_ptr<const routing::compiled_policy> policy, std::string text,
                      std::string_view by, std::string_view source, std::string_view note) {
    std::string_view rest = text;
    for (; rest.size() > policy_part_bytes; rest.remove_prefix(policy_part_bytes))
        output_.record(routing::policy_part{shop.name, rest.substr(0, policy_part_bytes)});
    const routing::policy_set fact{shop.name, shop.version().version + 1, now_, by, source, note, rest};
    output_.record(fact);
    shop.versions.push_back(routing::policy_version::of(fact, std::move(text)));
    const auto configured =
        std::ranges::find(shop.versions.rbegin(), shop.versions.rend(), routing::configuration, &routing::policy_version::source);
    for (auto each = std::next(shop.versions.rbegin()); each != shop.versions.rend(); ++each)
        if (each != configured) each->text.clear();
    shop.policy = std::move(policy);
    shop.dispatcher->policy_changed();
}

void lane::add_account(struct shop& shop, std::string_view name, std::uint32_t cap, bool participating) {
    if (shop.agents.find(name) != shop.agents.end()) return;
    routing::account made;
    made.name = name;
    made.cap = cap;
    made.participating = participating;
    output_.record(
        routing::account_set{shop.name, name, now_, cap, participating, false, false, protocol::presence::offline, 0, "fenliu"});
    auto& added = shop.agents[std::string{name}] = spawn_hosted<agent>(system(), *this, shop, std::move(made));
    shop.dispatcher->add_agent(added->report());
}

agent* lane::agent_for(struct shop& shop, std::string_view account) {
    const auto found = shop.agents.find(account);
    if (found != shop.agents.end()) return found->second.get();
    if (!options_.auto_create || shop.agents.size() >= limits::accounts_per_shop) return nullptr;
    add_account(shop, account, shop.policy->rules().default_cap, true);
    return shop.agents.find(account)->second.get();
}

buyer_session& lane::open_session(struct shop& shop, std::string_view buyer, buyer_entry& entry, const protocol::publish& first) {
    const routing::conversation_opened fact{
        next_number(), shop.name, buyer, now_, first.tags, first.lang, entry.facts.conversations > 0};
    output_.record(fact);
    routing::conversation value;
    routing::apply(value, fact);
    routing::apply(entry.facts, fact);
    auto made = spawn_hosted<buyer_session>(system(), *this, shop, entry, std::move(value));
    entry.current = made.get();
    shop.conversations.emplace(fact.number, made);
    return *made.get();
}

void lane::retire(struct shop& shop, conversation_number number) {
    const auto found = shop.conversations.find(number);
    if (found == shop.conversations.end()) return;
    auto* session = found->second.get();
    const auto over = session->closed_steady() + options_.keep_closed_ms;
    if (session->value().open() || !session->is_archived()) return;
    if (steady_ < over) return arm({over, timer_kind::closed_horizon, &shop, number, nullptr, 0});
    std::erase(shop.buyers.find(session->value().buyer)->second.past, session);
    retired_.emplace_back(&shop, number);
}

void lane::take_archived(const archived& known) {
    if (options_.recovered) return delayed_send(this, tick_interval, known); // what it names is not rebuilt yet
    read_clocks();
    for (const auto& each : known.conversations) {
        auto* shop = find_shop(each.shop);
        if (shop == nullptr) continue;
        const auto found = shop->conversations.find(each.number);
        if (found == shop->conversations.end()) continue;
        found->second->on_archived(each);
        retire(*shop, each.number);
    }
    finish();
}

void lane::take_settings(const settings_changed& settings) {
    read_clocks();
    options_.auto_create = settings.auto_create;
    options_.configured = settings.configured;
    for (const auto& [name, each] : options_.configured->shops)
        if (serves(name)) shop_for(name);
    for (auto& [name, each] : shops_)
        apply_settings(*each);
    finish();
}

void lane::rebuild(storage::recovered_shop& recovered) {
    auto& shop = add_shop(recovered.name);
    shop.rating = recovered.rating;
    shop.versions = std::move(recovered.policies);
    if (options_.stored_policies)
        if (const auto found = options_.stored_policies->find(shop.name); found != options_.stored_policies->end())
            shop.policy = found->second;
    shop.dispatcher->recover(recovered.credit_clock);
    for (auto& each : recovered.accounts) {
        const double credit = each.credit;
        auto& made = shop.agents[each.name] = spawn_hosted<agent>(system(), *this, shop, each);
        shop.dispatcher->recover_agent(made->report(), credit);
    }
    shop.buyers.reserve(recovered.buyers.size());
    for (auto& [buyer, facts] : recovered.buyers) {
        auto& entry = shop.buyers[std::move(buyer)];
        entry.prompted_steady = steady_ - std::max<routing::timestamp_ms>(now_ - facts.last_prompt, 0);
        entry.facts = std::move(facts);
    }
    apply_settings(shop);
    std::vector<buyer_session*> open;
    for (auto& each : recovered.conversations) {
        const auto number = each->number;
        auto& entry = shop.buyers[each->buyer];
        auto made = spawn_hosted<buyer_session>(system(), *this, shop, entry, std::move(*each));
        shop.conversations.emplace(number, made);
        if (!made->value().open()) {
            entry.past.push_back(made.get()); // the store says when it is archived, at once if it is already
            continue;
        }
        entry.current = made.get();
        open.push_back(made.get());
        const auto& value = made->value();
        if (!value.owner.empty()) agent_for(shop, value.owner)->recover_conversation(number);
        if (made->waits())
            shop.dispatcher->recover_waiting({number, value.wait_class, value.waiting_since, {}},
                                             value.state != routing::conversation_state::queued);
    }
    for (auto& [name, each] : shop.agents)
        each->recovered();
    for (auto* each : open)
        each->recovered();
}

void lane::feed(struct shop& shop, std::string_view event, const std::function<void(feed_map&)>& make) {
    if (!options_.egress->feed_wanted()) return;
    feed_map map;
    map.add("n", ++shop.feed_count);
    map.add("ts", now_);
    make(map);
    output_.feed("shop/" + shop.name + "/" + std::string{event}, map.bytes());
}

void lane::work(std::function<std::function<void(lane&)>()> job) {
    options_.work([job = std::move(job), resume = resumer()] { resume(job()); });
}

std::function<void(std::function<void(lane&)>)> lane::resumer() {
    return [self = caf::actor{this}](std::function<void(lane&)> run) { caf::anon_send(self, continuation{std::move(run)}); };
}

caf::actor spawn_lane(caf::actor_system& system, lane_options options) { return system.spawn<lane>(std::move(options)); }

} // namespace fenliu::actors
