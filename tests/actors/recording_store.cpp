#include "recording_store.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "storage/fold.hpp"

namespace fenliu::tests {
namespace {

struct nothing_before final : storage::fold_source {
    std::optional<storage::shop_facts> find_shop(const std::string&) override { return std::nullopt; }
    std::optional<routing::account> find_account(const std::string&, const std::string&) override { return std::nullopt; }
    std::optional<routing::buyer> find_buyer(const std::string&, const std::string&) override { return std::nullopt; }
    std::unique_ptr<routing::conversation> find_conversation(routing::conversation_number) override { return nullptr; }
};

} // namespace

void recording_store::commit(storage::record_batch&& records, std::unique_ptr<storage::release> then) noexcept {
    for (std::string_view rest = records.bytes(); !rest.empty();) {
        std::uint32_t size = 0;
        std::memcpy(&size, rest.data(), sizeof size);
        journal_.emplace_back(rest.substr(sizeof size, size));
        rest.remove_prefix(sizeof size + size);
    }
    if (then) waiting_.push_back(std::move(then));
    if (!held_) sync();
}

void recording_store::sync() {
    held_ = false;
    while (!waiting_.empty()) {
        waiting_.front()->run();
        waiting_.pop_front();
    }
}

void recording_store::read() {
    reads_held_ = false;
    for (; !reads_.empty(); reads_.pop_front())
        reads_.front()();
}

void recording_store::read_history(storage::history_query query, std::function<void(storage::history_answer)> answer) {
    reads_.push_back([this, query = std::move(query), answer = std::move(answer)] {
        answer(archives_ ? lines_of(query) : storage::history_answer{});
    });
    if (!reads_held_) read();
}

/// Of one conversation, the one that both of the query's bounds are in.
storage::history_answer recording_store::lines_of(const storage::history_query& query) const {
    storage::history_answer found;
    visit([&](const routing::record& record, std::uint64_t) {
        const auto* line = std::get_if<routing::line_added>(&record);
        if (line == nullptr || line->number != query.below_number || line->number != query.above_number) return;
        if (line->seq <= query.above_seq || line->seq >= query.below_seq) return;
        found.lines.push_back({line->number, line->seq, line->at, line->side, std::string{line->from}, std::string{line->text}});
    });
    found.more = found.lines.size() > query.limit;
    if (found.more) found.lines.erase(found.lines.begin(), found.lines.end() - query.limit);
    return found;
}

storage::recovered recording_store::recover() const {
    nothing_before source;
    storage::fold folded{source};
    for (const auto& payload : journal_)
        if (routing::record record; storage::decode(payload, record)) (void)folded.apply(record);
    storage::recovered found;
    for (auto& [name, each] : folded.shops()) {
        storage::recovered_shop shop{
            .name = name, .credit_clock = each.facts.credit_clock, .rating = each.facts.rating, .policies = each.policies};
        for (auto& [account, value] : each.accounts)
            shop.accounts.push_back(value);
        for (auto& [buyer, value] : each.buyers)
            shop.buyers.emplace_back(buyer, std::move(value));
        for (auto& [number, value] : folded.conversations())
            if (value->shop == name) shop.conversations.push_back(std::move(value));
        found.shops.push_back(std::move(shop));
    }
    for (const auto& [number, value] : folded.conversations())
        found.last_number = std::max(found.last_number, number);
    return found;
}

void recording_store::visit(const storage::record_visitor& each) const {
    routing::record record;
    for (std::size_t i = 0; i < journal_.size(); ++i)
        if (storage::decode(journal_[i], record)) each(record, i + 1);
}

void recording_store::read_decisions(storage::decision_query query,
                                     std::function<void(std::vector<storage::stored_decision>)> answer) {
    std::vector<storage::stored_decision> found;
    visit([&](const routing::record& record, std::uint64_t position) {
        const auto* made = std::get_if<routing::decision_made>(&record);
        if (made != nullptr && made->shop == query.shop && (query.number == 0 || made->number == query.number))
            found.push_back({position, journal_[position - 1]});
    });
    if (found.size() > query.limit) found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(query.limit));
    answer(std::move(found));
}

void recording_store::find_message(std::string, std::string message_id,
                                   std::function<void(routing::conversation_number)> answer) {
    routing::conversation_number found = 0;
    visit([&](const routing::record& record, std::uint64_t) {
        if (const auto* line = std::get_if<routing::line_added>(&record); line != nullptr && line->msg_id == message_id)
            found = line->number;
    });
    answer(found);
}

void recording_store::read_policy(std::string shop, std::uint32_t version,
                                  std::function<void(std::optional<routing::policy_version>)> answer) {
    std::optional<routing::policy_version> found;
    std::string parts;
    visit([&](const routing::record& record, std::uint64_t) {
        if (const auto* part = std::get_if<routing::policy_part>(&record); part != nullptr && part->shop == shop)
            parts += part->text;
        const auto* set = std::get_if<routing::policy_set>(&record);
        if (set == nullptr || set->shop != shop) return;
        auto whole = routing::policy_version::of(*set, std::exchange(parts, {}) + std::string{set->text});
        if (whole.version == version) found = std::move(whole);
    });
    answer(std::move(found));
}

void recording_store::read_deeds(storage::deed_query query, std::function<void(std::vector<storage::stored_deed>)> answer) {
    std::vector<storage::stored_deed> found;
    visit([&](const routing::record& record, std::uint64_t position) {
        if (const auto* deed = std::get_if<routing::admin_acted>(&record); deed != nullptr && deed->shop == query.shop)
            found.insert(found.begin(), {position, std::string{deed->shop}, deed->at, std::string{deed->by},
                                         std::string{deed->verb}, std::string{deed->detail}});
    });
    answer(std::move(found));
}

void recording_store::replay_roster(storage::roster_query query, storage::record_visitor each, std::function<void(bool)> answer) {
    std::uint64_t note = 0;
    visit([&](const routing::record& record, std::uint64_t position) {
        if (const auto* noted = std::get_if<routing::roster_noted>(&record);
            noted != nullptr && noted->shop == query.shop && noted->part == 1 && position < query.first)
            note = position;
    });
    visit([&](const routing::record& record, std::uint64_t position) {
        if (note != 0 && position <= query.last) each(record, position);
    });
    answer(note != 0);
}

} // namespace fenliu::tests
