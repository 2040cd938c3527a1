#include "apps/fenliu/replay_driver.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "apps/fenliu/connection.hpp"
#include "apps/fenliu/fresh_id.hpp"
#include "apps/fenliu/interrupt.hpp"
#include "protocol/error.hpp"

namespace fenliu::apps::fenliu {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds look_around = 100ms; // progress, Ctrl-C and the stall clock need no finer one
constexpr std::chrono::milliseconds ask_again_every = 100ms;
constexpr std::chrono::milliseconds farewell = 2s; // for agents to be off duty before they are gone
constexpr std::size_t missing_shown = 20;

stage_options stage_options_for(const driver_options& options) {
    return {options.speed, options.at_once, options.frontends, fresh_id().substr(0, 8)};
}

} // namespace

replay_driver::replay_driver(const replay_plan& plan, const driver_options& options, const common_options& common,
                             replay_ledger& ledger, replay_progress& progress)
    : plan_(plan)
    , options_(options)
    , common_(common)
    , ledger_(ledger)
    , progress_(progress)
    , stage_(plan, stage_options_for(options), ledger, *this) {}

replay_driver::~replay_driver() = default;

std::optional<problem> replay_driver::run() {
    progress_.announce("connecting " + std::to_string(plan_.shops.size() * options_.agents) + " agents of " +
                       std::to_string(plan_.shops.size()) + (plan_.shops.size() == 1 ? " shop" : " shops") + " and " +
                       std::to_string(options_.frontends) + " frontends to " + common_.url);
    connect_records();
    if (auto bad = make_contact()) return bad;
    if (auto bad = read_baseline()) return bad;
    connect_agents();
    connect_frontends();
    if (auto bad = poll_until([this] {
            return std::ranges::all_of(agents_, [](const auto& seat) { return seat->ready; }) &&
                   std::ranges::all_of(frontends_,
                                       [](const auto& each) { return each->state() == transport::client_state::open; });
        }))
        return bad;
    if (auto bad = play()) return bad;
    if (auto bad = read_history()) return bad;
    leave();
    return {};
}

// --- connections ---------------------------------------------------------------------------------------------------------

void replay_driver::connect_records() {
    for (const auto& shop : plan_.shops) {
        const auto on_history = [this](const std::string& buyer, const std::vector<history_entry>& page) {
            ++pages_;
            if (verifying_) return ledger_.history(buyer, page);
            for (const auto& line : page)
                ledger_.existed_before(line.conversation, line.seq);
        };
        const auto on_state = [this](const std::string& conversation, bool closed) { stage_.told_state(conversation, closed); };
        records_.push_back(std::make_unique<replay_records>(common_, shop, replay_records::listener{on_history, on_state}));
        add(records_.back()->client());
    }
}

void replay_driver::connect_agents() {
    for (const auto& shop : plan_.shops)
        for (std::size_t number = 0; number <= options_.agents; ++number) {
            auto& seat = *agents_.emplace_back(std::make_unique<agent_seat>());
            seat.stands_by = number == 0;
            seat.account = seat.stands_by ? shop : shop + ":a" + std::to_string(number);
            by_account_[seat.account] = &seat;
            auto options = client_options_for(common_, protocol::role::agent);
            options.shop = shop;
            options.account = seat.account;
            options.device = "fenliu replay";
            transport::client_events events;
            events.on_message = [this, &seat](const protocol::message& value) { agent_received(seat, value); };
            events.on_open = [this, &seat](bool resumed, bool first) { agent_opened(seat, resumed, first); };
            events.seen = [this, &seat] { return stage_.seen(seat.account); };
            seat.client = std::make_unique<transport::client>(std::move(options), std::move(events));
            add(*seat.client);
        }
}

void replay_driver::connect_frontends() {
    for (std::size_t at = 0; at < options_.frontends; ++at) {
        transport::client_events events;
        events.on_message = [this](const protocol::message& value) { stage_.at_frontend(value, now()); };
        events.on_open = [this, at](bool resumed, bool first) {
            if (!first) ledger_.reconnected();
            stage_.frontend_opened(at, resumed);
        };
        frontends_.push_back(
            std::make_unique<transport::client>(client_options_for(common_, protocol::role::frontend), std::move(events)));
        add(*frontends_.back());
    }
}

void replay_driver::add(transport::client& made) {
    clients_.push_back(&made);
    polled_.add(made);
}

void replay_driver::agent_opened(agent_seat& seat, bool resumed, bool first) {
    if (!first) ledger_.reconnected();
    stage_.agent_opened(seat.account, resumed);
    if (resumed) return;
    // Invisible gets no new buyers, but what is stored for main while nobody is online, as after a restart of the broker.
    seat.presence_id = fresh_id();
    const auto state = seat.stands_by ? protocol::presence::invisible : protocol::presence::online;
    seat.client->send(protocol::presence_change{state, seat.presence_id});
}

void replay_driver::agent_received(agent_seat& seat, const protocol::message& value) {
    if (protocol::ref_of(value) != seat.presence_id) return stage_.at_agent(seat.account, value, now());
    const auto* result = std::get_if<protocol::result>(&value);
    seat.ready = result && result->code == protocol::name(protocol::errc::ok);
    if (!seat.ready) ledger_.note(seat.account + " could not come online");
}

void replay_driver::from_buyer(std::size_t frontend, const protocol::message& value) { frontends_[frontend]->send(value); }

void replay_driver::from_agent(std::string_view account, const protocol::message& value) {
    by_account_.find(account)->second->client->send(value);
}

void replay_driver::ask_state(std::string_view shop, std::string_view conversation) {
    const auto at = std::ranges::lower_bound(plan_.shops, shop) - plan_.shops.begin();
    records_[static_cast<std::size_t>(at)]->ask_state(std::string(conversation));
}

// --- the run -------------------------------------------------------------------------------------------------------------

std::optional<problem> replay_driver::make_contact() {
    const auto end = steady::now() + common_.timeout;
    const auto contact = [this] {
        return std::ranges::any_of(clients_, [](const auto* each) { return each->state() == transport::client_state::open; });
    };
    while (!contact()) {
        if (auto bad = poll_once(look_around)) return bad;
        if (steady::now() >= end) return unreachable(common_.url);
    }
    return {};
}

std::optional<problem> replay_driver::read_baseline() {
    ask_histories();
    if (options_.cap)
        for (std::size_t at = 0; at < plan_.shops.size(); ++at)
            for (std::size_t number = 1; number <= options_.agents; ++number)
                records_[at]->set_cap(plan_.shops[at] + ":a" + std::to_string(number), *options_.cap);
    return poll_until([this] { return std::ranges::all_of(records_, [](const auto& each) { return each->idle(); }); });
}

std::optional<problem> replay_driver::play() {
    started_ = steady::now();
    const auto ended = poll_until([this] {
        stage_.play(now());
        progress_.update(plan_, stage_, ledger_, now());
        return stage_.over();
    });
    seconds_ = std::chrono::duration<double>(now()).count();
    progress_.update(plan_, stage_, ledger_, now(), true);
    return ended;
}

std::optional<problem> replay_driver::read_history() {
    verifying_ = true;
    ask_histories();
    return poll_until([this] { return std::ranges::all_of(records_, [](const auto& each) { return each->idle(); }); });
}

void replay_driver::ask_histories() {
    std::set<std::pair<std::string_view, std::string_view>> asked;
    for (const auto& conversation : plan_.conversations) {
        if (!asked.emplace(conversation.shop, conversation.buyer).second) continue;
        const auto at = std::ranges::lower_bound(plan_.shops, conversation.shop) - plan_.shops.begin();
        records_[static_cast<std::size_t>(at)]->read_history(conversation.buyer);
    }
}

void replay_driver::leave() {
    for (const auto& seat : agents_)
        seat->client->send(protocol::presence_change{protocol::presence::offline, fresh_id()});
    const auto end = steady::now() + farewell;
    const auto answered = [](const auto& seat) { return seat->client->unanswered() == 0; };
    while (!std::ranges::all_of(agents_, answered) && steady::now() < end)
        polled_.poll(look_around);
    for (auto* each : clients_)
        each->close(0ms);
}

std::optional<problem> replay_driver::poll_until(const std::function<bool()>& done) {
    auto seen = ledger_.events() + pages_;
    auto moved_at = steady::now();
    while (!done()) {
        const auto wakes = stage_.wakes_at();
        const bool waits_for_time = wakes && *wakes > now();
        auto wait = look_around;
        if (waits_for_time) wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(*wakes - now()));
        if (auto bad = poll_once(wait)) return bad;

        const auto events = ledger_.events() + pages_;
        if (std::exchange(seen, events) != events || waits_for_time) moved_at = steady::now();
        if (steady::now() - moved_at > options_.stall) return stalled();
    }
    return {};
}

std::optional<problem> replay_driver::poll_once(std::chrono::milliseconds wait) {
    if (interrupted()) return problem{exit_status::failed, "interrupted"};
    polled_.poll(wait);
    for (const auto* each : clients_)
        if (auto bad = trouble(*each, common_.url)) return bad;
    for (const auto& each : records_)
        if (each->failed()) return each->failed();
    if (steady::now() >= again_at_) {
        again_at_ = steady::now() + ask_again_every;
        for (const auto& each : records_)
            each->ask_again();
    }
    return {};
}

problem replay_driver::stalled() const {
    const auto missing = stage_.missing();
    for (std::size_t at = 0; at < std::min(missing.size(), missing_shown); ++at)
        ledger_.note("missing: " + missing[at]);
    const bool connected =
        std::ranges::any_of(clients_, [](const auto* each) { return each->state() == transport::client_state::open; });
    return {exit_status::failed, "nothing moved for " + std::to_string(options_.stall.count() / 1'000) + " s" +
                                     (connected ? "" : ", and no broker answers") + "; what is missing is listed above"};
}

} // namespace fenliu::apps::fenliu
