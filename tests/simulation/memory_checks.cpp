#include "memory_checks.hpp"

#include <algorithm>

#include "actors/agent.hpp"
#include "actors/buyer_session.hpp"
#include "actors/dispatcher.hpp"

namespace fenliu::simulation {
namespace {

std::string state_text(conversation_state state, const std::string& owner, std::uint64_t epoch, std::size_t lines) {
    return std::string{routing::name(state)} + " with " + (owner.empty() ? "nobody" : owner) + " at epoch " +
           std::to_string(epoch) + " and " + std::to_string(lines) + " lines";
}

std::string state_text(const model_conversation& value) {
    return state_text(value.state, value.owner, value.epoch, value.lines.size());
}

std::string state_text(const routing::conversation& value) {
    return state_text(value.state, value.owner, value.epoch, value.transcript.last_seq());
}

} // namespace

void memory_checks::compare(const std::vector<actors::lane*>& lanes) {
    for (auto* lane : lanes)
        for (auto& [name, shop] : lane->shops())
            compare(*shop);
}

void memory_checks::compare(actors::shop& shop) {
    for (const auto& [number, session] : shop.conversations) {
        const auto* known = on_.known.find(number);
        const auto& value = session->value();
        on_.judged.check(known != nullptr && state_text(*known) == state_text(value), 25, [&] {
            return conversation_text(number) + " is " + state_text(value) + "; by the log it is " +
                   (known == nullptr ? "unknown" : state_text(*known));
        });
    }
    for (const auto& [name, agent] : shop.agents) {
        const auto report = agent->report();
        const auto load = on_.known.load(shop.name, name);
        on_.judged.check(report.load == load, 11, [&] {
            return name + " takes its load for " + std::to_string(report.load) + ", in the log it owns " + std::to_string(load);
        });
        const auto& account = on_.known.shops[shop.name].accounts[name];
        on_.judged.check(report.cap == account.cap && report.participating == account.participating, 25,
                         [&] { return name + "'s settings are not those in the log"; });
    }
    compare_waiting(shop);
}

void memory_checks::compare_waiting(actors::shop& shop) {
    std::size_t queued = 0, pooled = 0;
    const auto& line = shop.dispatcher->line();
    const auto& pool = shop.dispatcher->pool();
    for (const auto& [number, each] : on_.known.conversations) {
        if (each.shop != shop.name || !each.open()) continue;
        const bool in_line = each.state == conversation_state::queued, in_pool = each.pooled();
        queued += in_line;
        pooled += in_pool;
        on_.judged.check(line.contains(number) == in_line && pool.contains(number) == in_pool, 6, [&] {
            return conversation_text(number) + " is " + state_text(each) + (in_pool ? " and waits in the pool" : "") +
                   ", the line has it " + std::to_string(line.contains(number)) + " times, the pool " +
                   std::to_string(pool.contains(number));
        });
    }
    on_.judged.check(line.size() == queued && pool.size() == pooled, 6, [&] {
        return "the line holds " + std::to_string(line.size()) + " and the pool " + std::to_string(pool.size()) +
               ", waiting are " + std::to_string(queued) + " and " + std::to_string(pooled);
    });
}

void memory_checks::recovered(const storage::recovered& found) {
    std::size_t open = 0, found_open = 0;
    for (const auto& [number, each] : on_.known.conversations)
        open += each.open();
    for (const auto& shop : found.shops) {
        compare_recovered(shop);
        found_open +=
            static_cast<std::size_t>(std::ranges::count_if(shop.conversations, [](const auto& each) { return each->open(); }));
    }
    on_.judged.check(found_open == open, 25, [&] {
        return "a restart finds " + std::to_string(found_open) + " open conversations of " + std::to_string(open);
    });
    const auto last = on_.known.conversations.empty() ? 0 : on_.known.conversations.rbegin()->first;
    on_.judged.check(found.last_number == last, 25, [&] {
        return "a restart goes on with number " + std::to_string(found.last_number) + " after " + std::to_string(last);
    });
}

void memory_checks::compare_recovered(const storage::recovered_shop& found) {
    auto& shop = on_.known.shops[found.name];
    for (const auto& value : found.conversations) {
        const auto* known = on_.known.find(value->number);
        on_.judged.check(known != nullptr && state_text(*known) == state_text(*value), 25, [&] {
            return "a restart finds " + conversation_text(value->number) + " " + state_text(*value) + "; on the disk it is " +
                   (known == nullptr ? "unknown" : state_text(*known));
        });
    }
    for (const auto& value : found.accounts) {
        const auto& known = shop.accounts[value.name];
        const bool same = value.cap == known.cap && value.participating == known.participating &&
                          value.suspended == known.suspended && value.robot == known.robot;
        on_.judged.check(same, 25, [&] { return "a restart finds other settings of " + value.name; });
    }
    for (const auto& [name, value] : found.buyers) {
        const auto& known = shop.buyers[name];
        const auto prompt = known.prompts.empty() ? 0 : known.prompts.back().second;
        on_.judged.check(value.last_prompt == prompt && value.recent_account == known.recent, 25,
                         [&] { return "a restart remembers " + name + " otherwise than the log"; });
    }
}

void memory_checks::quiet(const std::vector<actors::lane*>& lanes) {
    on_.reached.reached(situation::quiet_moment);
    for (auto* lane : lanes)
        for (auto& [name, shop] : lane->shops()) {
            if (shop->policy->mode_at(on_.time.wall()) == routing::assignment_mode::manual) continue;
            const auto waiting = std::ranges::find_if(on_.known.conversations, [&](const auto& each) {
                return each.second.open() && each.second.shop == shop->name && each.second.waits();
            });
            if (waiting == on_.known.conversations.end()) continue;
            for (const auto& [account, value] : on_.known.shops[shop->name].accounts) {
                const bool ready = on_.present[account].online() && value.participating && !value.suspended && !value.robot &&
                                   value.presence == protocol::presence::online &&
                                   on_.known.load(shop->name, account) < value.cap;
                on_.judged.check(!ready, 18, [&] {
                    return conversation_text(waiting->first) + " is " + state_text(waiting->second) + " while " + account +
                           " is there and has room";
                });
            }
        }
}

} // namespace fenliu::simulation
