#include "scenario.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace fenliu::simulation {
namespace {

constexpr std::array shop_names{"acme", "lamp"};
constexpr std::array sub_names{"amy", "bob", "cai", "dan"};
constexpr std::array buyer_names{"alice", "ben", "cat", "dora", "eve", "fay", "gus", "hao"};

void draw_waits(chance& dice, routing::policy& made) {
    made.queue_enabled = !dice.one_in(4);
    made.queue_limit = dice.one_in(3) ? dice.between(0U, 2U) : dice.between(3U, 20U);
    made.wait_threshold_s = dice.one_in(3) ? 0 : dice.between(5U, 40U);
    made.slow_reply_s = dice.one_in(3) ? 0 : dice.between(2U, 20U);
    made.after_sales_reply_s = dice.one_in(2) ? 0 : dice.between(4U, 30U);
    if (dice.one_in(3)) {
        made.ageing_s = dice.between(2U, 20U);
        made.ageing_classes = dice.between(1U, 3U);
    }
    made.session_silence_ms = dice.between(20, 90) * 1'000;
    made.loss_grace_ms = dice.between(1, 15) * 1'000;
    made.direct_grace_ms = dice.between(1, 20) * 1'000;
    made.repeat_entry_min = dice.one_in(3) ? dice.between(1U, 5U) : 0;
}

void draw_groups(chance& dice, routing::policy& made, const shop_plan& shop) {
    if (shop.accounts.size() < 2 || dice.one_in(3)) return;
    routing::group sales{.id = "sales", .keywords = {"price"}, .overflow = dice.one_in(2) ? "after" : ""};
    routing::group after{.id = "after", .keywords = {"invoice"}, .overflow = {}};
    for (const auto& each : shop.accounts)
        (dice.one_in(2) ? sales : after).members.push_back(each);
    sales.robot = dice.one_in(5);
    sales.strategy = dice.one_in(2) ? routing::pick_strategy::credit : static_cast<routing::pick_strategy>(dice.below(4));
    made.groups = {sales, after};
    if (dice.one_in(2)) made.emergency_group = "after";
}

} // namespace

routing::policy draw_policy(chance& dice, const shop_plan& shop) {
    routing::policy made;
    made.rating = dice.one_in(4) ? routing::service_rating::bronze : routing::service_rating::gold;
    made.profile = dice.one_in(3) ? routing::contact_profile::seed : routing::contact_profile::modern;
    made.mode = dice.one_in(8) ? routing::assignment_mode::manual : routing::assignment_mode::automatic;
    made.direct_diversion = dice.one_in(2);
    made.default_cap = dice.between(1U, 3U);
    made.overwork_percent = dice.one_in(4) ? 50 : 0;
    made.offline = static_cast<routing::offline_policy>(dice.below(3));
    made.proxy = shop.accounts.back();
    made.overload = dice.one_in(3);
    made.robot = dice.one_in(2) ? routing::robot_mode::off : static_cast<routing::robot_mode>(dice.below(4));
    made.robot_share = 0.5;
    made.handoff_words = {"person"};
    made.emergency_words = {"refund"};
    if (!dice.one_in(4)) made.priority_crowds = {"vip"};
    draw_waits(dice, made);
    draw_groups(dice, made, shop);
    if (dice.one_in(3)) made.agents.push_back({shop.accounts.back(), 3, {}});
    return made;
}

scenario::scenario(std::uint64_t seed) {
    chance dice{seed};
    lanes = dice.between(1U, 3U);
    const auto shop_count = dice.one_in(3) ? 2U : 1U;
    for (unsigned index = 0; index < shop_count; ++index) {
        shop_plan made;
        made.settings.name = shop_names[index];
        made.accounts.push_back(made.settings.name);
        const auto subs = dice.between(1U, static_cast<unsigned>(sub_names.size()));
        for (unsigned sub = 0; sub < subs; ++sub)
            made.accounts.push_back(made.settings.name + ":" + sub_names[sub]);
        if (dice.one_in(3)) made.robot = made.settings.name + ":robot";
        const auto buyers = dice.between(2U, static_cast<unsigned>(buyer_names.size()));
        for (unsigned buyer = 0; buyer < buyers; ++buyer)
            made.buyers.emplace_back(buyer_names[buyer]);
        made.settings.policy = draw_policy(dice, made);
        for (const auto& each : made.accounts)
            if (dice.one_in(2)) made.settings.accounts.push_back({each, dice.between(0U, 3U), !dice.one_in(5)});
        shops.push_back(std::move(made));
    }
    frontends = dice.between(1U, 3U);
    socket.heartbeat = std::chrono::milliseconds{dice.between(1'000, 10'000)};
    socket.session_expiry = std::chrono::seconds{dice.between(15, 120)};
    socket.hello_timeout = std::chrono::seconds{10};
    socket.window = dice.one_in(2) ? dice.between(2U, 8U) : 64;
    if (dice.one_in(4)) socket.outbox_bytes = dice.between(std::size_t{600}, std::size_t{3'000});
    client_window = dice.one_in(3) ? dice.between(1U, 4U) : 64;
    actions = dice.between(60U, 250U);
    faults = dice.one_in(5) ? 0 : dice.between(2U, 30U);
    crashes = dice.between(2U, 20U);
    delay_max = dice.one_in(2) ? 30 : 800;
}

const shop_plan& scenario::shop(std::string_view name) const {
    const auto found = std::ranges::find_if(shops, [&](const auto& each) { return each.settings.name == name; });
    assert(found != shops.end());
    return *found;
}

} // namespace fenliu::simulation
