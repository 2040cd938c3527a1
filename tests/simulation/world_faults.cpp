// What goes wrong in a run, and who comes and goes.
#include <algorithm>

#include "world.hpp"

namespace fenliu::simulation {
namespace {

constexpr timestamp_ms hour_ms = 3'600'000;

} // namespace

void world::fault(std::size_t) {
    if (process_.up() && dice_.percent(plan_.crashes)) return crash();
    const auto drawn = dice_.below(100U);
    if (drawn < 45) return disturb_link();
    if (drawn < 75) return replace_device();
    if (drawn < 85) return set_wall_clock();
    if (drawn < 95) return administer();
    note("  a long pause");
    pass(dice_.between(10'000, 100'000));
}

void world::crash() {
    auto& reached = ground_.reached;
    reached.reached(situation::crash);
    if (store_.unreleased() > 0) reached.reached(situation::crash_between_commit_and_ack);
    if (store_.records() > store_.synced()) reached.reached(situation::crash_with_unsynced_records);
    for (const auto& [name, shop] : ground_.known.shops)
        for (const auto& [buyer, value] : shop.buyers)
            if (!value.prompts.empty() && ground_.on_disk(value.prompts.back().first))
                reached.reached(situation::crash_after_prompt);
    note("  crash: " + std::to_string(store_.records() - store_.synced()) + " records lost");
    process_.kill();
    outputs_.crashed();
    sessions_.crashed();
    lines_.crashed();
    prompts_.crashed();
    ground_.known = {};
    for (std::size_t index = 0; index < store_.synced(); ++index)
        if (routing::record record; storage::decode(store_.payload(index), record))
            static_cast<void>(ground_.known.apply(record));
    if (dice_.one_in(6)) set_wall_clock();
}

void world::restart(std::size_t) {
    if (process_.up()) return;
    if (store_.records() > 0)
        ground_.reached.reached(store_.unarchived() > 0 ? situation::restart_with_archive_behind
                                                        : situation::restart_with_archive_only);
    ground_.started_steady = time_.steady();
    ground_.started_wall = time_.wall();
    ++ground_.restarts;
    attendance_.started();
    decisions_.restarted(store_);
    ground_.judged.check(process_.start(), 25, [this] { return process_.warnings().back(); });
}

void world::disturb_link() {
    const auto links = network_.whole();
    if (links.empty()) return;
    const auto link = dice_.one_of(links);
    switch (dice_.below(4)) {
    case 0:
        ground_.reached.reached(situation::half_open_link);
        return network_.make_half_open(link);
    case 1:
        ground_.reached.reached(situation::slow_reader);
        return network_.stall(link, dice_.one_in(2));
    default:
        ground_.reached.reached(situation::link_cut);
        return network_.break_link(link);
    }
}

void world::set_wall_clock() {
    const bool up = process_.up();
    const auto by =
        dice_.one_in(3) ? -dice_.between(timestamp_ms{1'000}, 10 * hour_ms) : dice_.between(timestamp_ms{1'000}, 30 * hour_ms);
    note("  the wall clock is set by " + std::to_string(by) + " ms");
    time_.set_wall(by);
    if (by < 0) ground_.reached.reached(situation::clock_set_back);
    if (by >= 8 * hour_ms)
        ground_.reached.reached(up ? situation::clock_over_eight_hours_while_up : situation::clock_over_eight_hours_while_down);
}

void world::replace_device() {
    if (dice_.one_in(3)) {
        auto& old = *frontends_[dice_.below(frontends_.size())];
        if (old.alive()) {
            old.end(dice_.one_in(2));
            ground_.reached.reached(situation::device_dies);
        }
        if (std::ranges::count_if(frontends_, [](const auto* each) { return each->alive(); }) < 3) open_frontend();
        return;
    }
    const auto& shop = dice_.one_of(plan_.shops);
    const bool robot = !shop.robot.empty() && dice_.one_in(4);
    const auto& account = robot ? shop.robot : dice_.one_of(shop.accounts);
    // Its other device goes first, or is superseded.
    for (auto* each : agents_)
        if (each->account() == account && each->alive() && dice_.one_in(2)) {
            each->end(dice_.one_in(2));
            ground_.reached.reached(situation::device_dies);
        }
    if (!dice_.one_in(4)) open_agent(account, robot);
}

void world::open_frontend() {
    transport::client_options options;
    options.role = protocol::role::frontend;
    options.window = plan_.client_window;
    auto made = std::make_unique<frontend_device>(devices_.size(), std::move(options), network_, time_, dice_);
    frontends_.push_back(made.get());
    devices_.push_back(std::move(made));
}

void world::open_agent(const std::string& account, bool robot) {
    transport::client_options options;
    options.role = protocol::role::agent;
    options.account = account;
    options.shop = account.substr(0, account.find(':'));
    options.robot = robot;
    options.window = plan_.client_window;
    auto made = std::make_unique<agent_device>(devices_.size(), std::move(options), network_, time_, dice_);
    agents_.push_back(made.get());
    devices_.push_back(std::move(made));
}

} // namespace fenliu::simulation
