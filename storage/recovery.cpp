#include "storage/recovery.hpp"

#include <algorithm>
#include <set>

namespace fenliu::storage {
namespace {

recovered_shop take_shop(std::string name, folded_shop&& from) {
    recovered_shop made{.name = std::move(name),
                        .credit_clock = from.facts.credit_clock,
                        .rating = from.facts.rating,
                        .policies = std::move(from.policies)};
    for (auto& [key, account] : from.accounts)
        made.accounts.push_back(std::move(account));
    for (auto& [key, buyer] : from.buyers)
        made.buyers.emplace_back(key, std::move(buyer));
    std::sort(made.buyers.begin(), made.buyers.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return made;
}

} // namespace

result<recovery> recover(archive& from, const record_source& next, routing::timestamp_ms closed_since) {
    fold everything{from};
    if (auto failure = from.load(everything, closed_since)) return std::move(*failure);

    recovery made;
    made.state.last_number = from.last_number();
    std::set<routing::conversation_number> closed_in_log;
    auto failure = from.replay(next, everything, [&](const routing::record& record, std::uint64_t) {
        ++made.state.replayed;
        if (const auto* closed = std::get_if<routing::conversation_closed>(&record)) closed_in_log.insert(closed->number);
        if (const auto* opened = std::get_if<routing::conversation_opened>(&record))
            made.state.last_number = std::max(made.state.last_number, opened->number); // it may be erased by now
    });
    if (failure) return std::move(*failure);

    for (auto& [id, each] : everything.revoked())
        made.state.revoked.push_back(std::move(each));
    std::map<std::string, std::vector<std::unique_ptr<routing::conversation>>> by_shop;
    for (const auto number : everything.numbers()) {
        auto& conversation = everything.conversations().at(number);
        const bool unarchived = closed_in_log.contains(number);
        if (!conversation->open() && !unarchived) {
            if (conversation->closed_at < closed_since) continue;
            made.archived.push_back({conversation->shop, number, conversation->transcript.last_seq(), true});
        }
        by_shop[conversation->shop].push_back(std::move(conversation));
    }
    for (auto& [name, shop] : everything.shops()) {
        auto& taken = made.state.shops.emplace_back(take_shop(name, std::move(shop)));
        if (const auto found = by_shop.find(name); found != by_shop.end()) taken.conversations = std::move(found->second);
    }
    return made;
}

} // namespace fenliu::storage
