#include "storage/past.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "storage/archive_rows.hpp"
#include "storage/event_rows.hpp"
#include "storage/journal_cursor.hpp"
#include "storage/record_codec.hpp"

namespace fenliu::storage {
namespace {

/// Keeps the last `limit` of a list that grew at its end.
template <class Item>
void keep_newest(std::vector<Item>& items, std::size_t limit) {
    if (items.size() > limit) items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(limit));
}

} // namespace

outcome past::read_log(std::uint64_t from, std::uint64_t until, const record_visitor& each) const {
    if (log_ == nullptr || from > until) return {};
    const auto range = log_->segments().find(from - 1);
    if (!range) return protocol::failure{protocol::errc::not_found, "the log begins later"};
    auto cursor = log_->cursor();
    if (auto failure = cursor.seek(range->where.first_position)) return failure;
    for (;;) {
        auto read = cursor.next(until);
        if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
        const auto payload = std::get<0>(read);
        if (payload.empty()) return {};
        if (cursor.position() < from) continue;
        routing::record record;
        if (decode(payload, record)) each(record, cursor.position());
    }
}

outcome past::read(const std::function<void()>& rows, const record_visitor& each) {
    return guarded(archive_, [&]() -> outcome {
        SQLite::Transaction together{archive_};
        rows();
        const auto applied = unsigned_of(archive_.execAndGet("SELECT applied FROM meta"));
        return log_ == nullptr ? outcome{} : read_log(applied + 1, log_->position(), each);
    });
}

result<std::vector<stored_decision>> past::read_decisions(const decision_query& query) {
    std::vector<stored_decision> found;
    auto failure = read([&] { found = storage::read_decisions(archive_, query); },
                        [&](const routing::record& record, std::uint64_t position) {
                            const auto* made = std::get_if<routing::decision_made>(&record);
                            if (made == nullptr || made->shop != query.shop) return;
                            if (query.number != 0 && made->number != query.number) return;
                            auto& added = found.emplace_back();
                            added.position = position;
                            encode(added.payload, *made);
                        });
    if (failure) return std::move(*failure);
    keep_newest(found, query.limit);
    return found;
}

result<routing::conversation_number> past::find_message(const std::string& shop, const std::string& id) {
    routing::conversation_number found = 0;
    std::unordered_set<routing::conversation_number> of_shop; // those of which the log says so
    auto failure = read([&] { found = storage::find_message(archive_, shop, id); },
                        [&](const routing::record& record, std::uint64_t) {
                            if (const auto* made = std::get_if<routing::decision_made>(&record);
                                made != nullptr && (shop.empty() || made->shop == shop) && made->message_id == id)
                                found = made->number;
                            if (const auto* opened = std::get_if<routing::conversation_opened>(&record);
                                opened != nullptr && (shop.empty() || opened->shop == shop))
                                of_shop.insert(opened->number);
                            if (const auto* line = std::get_if<routing::line_added>(&record);
                                line != nullptr && line->msg_id == id && of_shop.contains(line->number))
                                found = line->number;
                        });
    if (failure) return std::move(*failure);
    return found;
}

result<std::optional<routing::policy_version>> past::read_policy(const std::string& shop, std::uint32_t version) {
    std::optional<routing::policy_version> found;
    std::string parts;
    auto failure =
        read([&] { found = storage::read_policy(archive_, shop, version); },
             [&](const routing::record& record, std::uint64_t) {
                 if (const auto* part = std::get_if<routing::policy_part>(&record); part != nullptr && part->shop == shop)
                     parts += part->text;
                 const auto* set = std::get_if<routing::policy_set>(&record);
                 if (set == nullptr || set->shop != shop) return;
                 auto whole = routing::policy_version::of(*set, std::exchange(parts, {}) + std::string{set->text});
                 if (whole.version == version) found = std::move(whole);
             });
    if (failure) return std::move(*failure);
    return found;
}

result<std::vector<stored_deed>> past::read_deeds(const deed_query& query) {
    std::vector<stored_deed> found;
    auto failure = read(
        [&] {
            found = storage::read_deeds(archive_, query);
            std::ranges::reverse(found);
        },
        [&](const routing::record& record, std::uint64_t position) {
            const auto* deed = std::get_if<routing::admin_acted>(&record);
            if (deed == nullptr || (query.below != 0 && position >= query.below)) return;
            if (!query.shop.empty() && deed->shop != query.shop) return;
            found.push_back({position, std::string{deed->shop}, deed->at, std::string{deed->by}, std::string{deed->verb},
                             std::string{deed->detail}});
        });
    if (failure) return std::move(*failure);
    keep_newest(found, query.limit);
    std::ranges::reverse(found);
    return found;
}

result<bool> past::replay_roster(const roster_query& query, const record_visitor& each) {
    if (log_ == nullptr) return false;
    std::optional<std::uint64_t> note;
    auto failure = read([&] { note = find_note(archive_, query.shop, query.first); },
                        [&](const routing::record& record, std::uint64_t position) {
                            const auto* noted = std::get_if<routing::roster_noted>(&record);
                            if (noted != nullptr && noted->shop == query.shop && noted->part == 1 && position <= query.first)
                                note = position;
                        });
    if (failure) return std::move(*failure);
    // A note that stands in a part of the log that was dropped is of no use; neither is a log that fails while it is read.
    const auto begin = note ? log_->segments().find(*note - 1) : std::nullopt;
    return begin && begin->where.first_position < *note && !read_log(begin->where.first_position + 1, query.last, each);
}

} // namespace fenliu::storage
