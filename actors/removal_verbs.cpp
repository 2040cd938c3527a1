// Personal data goes when a buyer or the shop's retention asks for it: the verbs that take it out of memory and have the store
// remove it, answered once it is gone from the disk.
#include <algorithm>

#include "actors/admin_verbs.hpp"
#include "actors/body_fields.hpp"
#include "actors/buyer_session.hpp"
#include "protocol/account.hpp"
#include "protocol/limits.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;
using protocol::errc;

/// Answers with `body` once the disk holds nothing any more of what the records of this step remove. They are committed when the
/// step ends, so the store is asked in the next one.
void answer_when_removed(lane& host, const admin_call& call, json body) {
    host.resumer()([call, body = std::move(body)](lane& committed) {
        committed.store().when_removed([call, body, resume = committed.resumer()] {
            resume([call, body](lane& back) { reply(back, call, {errc::ok, body}); });
        });
    });
}

} // namespace

lane_answer erase_buyer(lane& host, shop& shop, const admin_call& call) {
    const auto buyer = text_in(call.body, "buyer");
    const auto found = shop.buyers.find(buyer);
    if (auto wrong = check_note(call)) return wrong;
    if (found == shop.buyers.end()) {
        if (const auto wrong = protocol::check_buyer(buyer)) return failed(wrong->code, wrong->text);
        // Perhaps erased before and the answer was lost: the removal may still be under way.
        answer_when_removed(host, call, {{"shop", shop.name}, {"buyer", buyer}, {"conversations", 0}});
        return std::nullopt;
    }
    auto& entry = found->second;
    if (entry.current != nullptr) entry.current->close("erased");
    const auto conversations = entry.facts.conversations;
    host.output().record(routing::buyer_erased{shop.name, buyer, host.now(), call.by()});
    // Whose it was stays out of the audit: a ticket's number in the note says it to those who may know.
    audit(host, shop.name, call.by(), call.verb, {{"conversations", conversations}, {"note", text_in(call.body, "note")}});
    host.forget(shop, buyer);
    answer_when_removed(host, call, {{"shop", shop.name}, {"buyer", buyer}, {"conversations", conversations}});
    return std::nullopt;
}

lane_answer prune_shop(lane& host, shop& shop, const admin_call& call) {
    const auto before = static_cast<routing::timestamp_ms>(number_in(call.body, "before", 0));
    const auto latest = host.now() - limits::prune_youngest.count();
    if (before <= 0 || before > latest)
        return failed(errc::malformed, "before must be a time in ms since the epoch, at least a day ago");
    if (auto wrong = check_note(call)) return wrong;
    host.output().record(routing::history_pruned{shop.name, host.now(), call.by(), before});
    audit(host, shop.name, call.by(), call.verb, {{"before", before}, {"note", text_in(call.body, "note")}});
    const auto followed = [&](const buyer_entry& entry) {
        return std::ranges::any_of(entry.followers, [&](const follower& each) { return host.follows(each.link); });
    };
    std::size_t quiet = 0;
    for (auto& [name, entry] : shop.buyers) {
        if (entry.current != nullptr || !routing::quiet_since(entry.facts, before)) continue;
        ++quiet;
        if (followed(entry))
            entry.facts = {}; // who listens for replies goes on
        else
            host.forget(shop, name);
    }
    answer_when_removed(host, call, {{"shop", shop.name}, {"before", before}, {"buyers", quiet}});
    return std::nullopt;
}

} // namespace fenliu::actors
