#include "world.hpp"

#include <algorithm>

#include "words.hpp"

namespace fenliu::simulation {

world::world(std::uint64_t seed, std::function<void(const std::string&)> trace)
    : dice_{seed ^ 0x5eed}
    , plan_{seed}
    , ground_{plan_, time_}
    , lines_{ground_}
    , places_{ground_}
    , prompts_{ground_}
    , outputs_{ground_}
    , sessions_{ground_, hash_}
    , attendance_{ground_}
    , memory_{ground_}
    , decisions_{ground_, policies_}
    , store_{*this}
    , network_{dice_, time_, plan_.delay_max}
    , process_{plan_, time_, store_, network_, policies_.language(), *this}
    , trace_{std::move(trace)} {
    sessions_.trace = trace_;
    network_.on_sent = [this](connection_id to, std::string_view frame) { sessions_.sent(to, frame); };
    ground_.policy = [this](const std::string& shop) -> const routing::policy& {
        for (auto* lane : process_.lanes())
            if (auto* found = lane->find_shop(shop)) return found->policy->rules();
        return plan_.policy(shop);
    };
}

world::~world() = default;

void world::run(std::size_t events) {
    for (const auto& shop : plan_.shops)
        ground_.shortest_grace[shop.settings.name] = shop.settings.policy.loss_grace_ms;
    restart(0);
    for (unsigned each = 0; each < plan_.frontends; ++each)
        open_frontend();
    for (const auto& shop : plan_.shops)
        for (const auto& account : shop.accounts)
            if (dice_.percent(80)) open_agent(account, false);
    while (events_ < events && !broken())
        step();
    if (!broken()) settle();
    count_devices();
}

// --- what the oracles see ------------------------------------------------------------------------------------------------------

void world::committed(std::string_view payload) {
    ++records_;
    hash_.add(payload);
    routing::record record;
    if (!ground_.judged.check(storage::decode(payload, record), 0, [] { return std::string{"a record can't be read"}; })) return;
    if (trace_) note("    record: " + words_of(record));
    std::visit(
        [this](const auto& fact) {
            if constexpr (requires { lines_.before(fact); }) lines_.before(fact);
            if constexpr (requires { places_.before(fact); }) places_.before(fact);
            if constexpr (requires { prompts_.before(fact); }) prompts_.before(fact);
        },
        record);
    decisions_.take(record);
    ground_.judged.check(ground_.known.apply(record), 25, [] { return std::string{"a record names what no record made"}; });
}

void world::quiet_moment() {
    memory_.quiet(process_.lanes());
    decisions_.quiet();
}

void world::synced(std::size_t payloads) { ground_.synced = payloads; }

void world::recovered(const storage::recovered& found) { memory_.recovered(found); }

void world::frame_received(connection_id from, std::string_view frame) { sessions_.received(from, frame); }

void world::link_opened(connection_id from, const transport::link_opened& news) {
    sessions_.link_opened(from, news);
    outputs_.link_opened(news);
}

void world::lane_takes(const transport::inbound_batch& batch) {
    for (const auto* each : batch.events)
        if (const auto words = trace_ ? words_of(*each) : std::string{}; !words.empty()) note("    " + words);
    attendance_.lane_takes(batch);
}

void world::lane_done() {
    attendance_.lane_done();
    memory_.compare(process_.lanes());
}

void world::posted(const transport::outbound_batch& batch) {
    outputs_.posted(batch);
    sessions_.posted(batch);
}

// --- events --------------------------------------------------------------------------------------------------------------------

void world::step() {
    auto events = machine_events();
    const auto drawn = dice_.below(1'000U);
    if (drawn < plan_.faults) return happen({1, "fault", 0, &world::fault});
    if (drawn < plan_.faults + plan_.actions) return happen({1, "act", 0, &world::act});
    if (!process_.up() && dice_.one_in(10)) return happen({1, "restart", 0, &world::restart});
    if (events.empty() || dice_.one_in(12)) return happen({1, "time", 0, &world::pass_time});
    auto total = 0U;
    for (const auto& each : events)
        total += each.weight;
    auto place = dice_.below(total);
    for (const auto& each : events) {
        if (place < each.weight) return happen(each);
        place -= each.weight;
    }
}

void world::happen(const event& chosen) {
    ++events_;
    hash_.add(std::string_view{chosen.what});
    hash_.add(chosen.number);
    hash_.add(static_cast<std::uint64_t>(time_.steady()));
    note(std::string{chosen.what} + " " + std::to_string(chosen.number));
    (this->*chosen.happen)(chosen.number);
    if (process_.up() && quiet()) quiet_moment();
}

std::vector<world::event> world::machine_events() {
    std::vector<event> all;
    for (const auto& each : devices_)
        if (each->due(process_.up())) all.push_back({4, "device", each->number(), &world::run_device});
    if (!process_.up()) return all;
    for (std::size_t place = 0; place < process_.jobs(); ++place)
        all.push_back({8, "job", place, &world::run_job});
    if (process_.turn_due()) all.push_back({8, "turn", 0, &world::run_turn});
    if (store_.unsynced() > 0) all.push_back({6, "sync", 0, &world::sync_disk});
    if (store_.unreleased() > 0) all.push_back({8, "release", 0, &world::release_output});
    if (store_.pending_reads() > 0) all.push_back({4, "read", 0, &world::answer_read});
    if (store_.unarchived() > 40) all.push_back({1, "archive", 0, &world::archive_some});
    return all;
}

void world::run_job(std::size_t place) { process_.run_job(place); }

void world::run_turn(std::size_t) { process_.turn(dice_.one_in(3) ? 1 : dice_.between(std::size_t{1}, std::size_t{12})); }

void world::run_device(std::size_t number) { devices_[number]->turn(process_.up()); }

void world::sync_disk(std::size_t) { store_.sync(dice_.one_in(3) ? 1 + dice_.below(store_.unsynced()) : store_.unsynced()); }

void world::release_output(std::size_t) {
    store_.release(dice_.one_in(3) ? 1 + dice_.below(store_.unreleased()) : store_.unreleased());
}

void world::answer_read(std::size_t) { store_.answer_read(); }

void world::archive_some(std::size_t) {
    const bool done = store_.archive(dice_.one_in(2) ? store_.unarchived() : 1 + dice_.below(store_.unarchived()));
    ground_.judged.check(done, 25, [] { return std::string{"the archive can't follow the log"}; });
}

timestamp_ms world::next_moment() {
    auto next = time_.steady() + 5'000;
    const auto consider = [&](timestamp_ms at) {
        if (at > time_.steady()) next = std::min(next, at);
    };
    if (process_.up()) consider(process_.next_wake());
    if (const auto frame = network_.next_due()) consider(*frame);
    for (const auto& each : devices_)
        if (each->alive()) consider(each->next_wake());
    return next;
}

void world::pass_time(std::size_t) {
    const auto next = next_moment() - time_.steady();
    pass(dice_.one_in(3) ? 1 + dice_.below(next) : next);
}

void world::pass(timestamp_ms time) {
    time_.pass(time);
    process_.pass(time);
    note("  +" + std::to_string(time) + " ms");
}

bool world::quiet() {
    return process_.jobs() == 0 && process_.mail() == 0 && store_.unsynced() == 0 && store_.unreleased() == 0 &&
           store_.pending_reads() == 0 && network_.quiet();
}

} // namespace fenliu::simulation
