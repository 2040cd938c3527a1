#include "recording_store.hpp"

#include <cstring>

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

storage::recovered recording_store::recover() const {
    nothing_before source;
    storage::fold folded{source};
    for (const auto& payload : journal_)
        if (routing::record record; storage::decode(payload, record)) (void)folded.apply(record);
    storage::recovered found;
    for (auto& [name, each] : folded.shops()) {
        storage::recovered_shop shop{name, each.facts.credit_clock, {}, {}, {}};
        for (auto& [account, value] : each.accounts)
            shop.accounts.push_back(value);
        for (auto& [buyer, value] : each.buyers)
            shop.buyers.emplace_back(buyer, std::move(value));
        for (auto& [number, value] : folded.conversations())
            if (value->shop == name) shop.conversations.push_back(std::move(value));
        found.shops.push_back(std::move(shop));
    }
    for (const auto& [number, value] : folded.conversations())
        found.last_number = number;
    return found;
}

} // namespace fenliu::tests
