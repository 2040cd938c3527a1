// The entities that a run of records touches, folded with routing's own functions. The archive folds one pass at a time, start-up
// folds everything after the archive; what a fold has not met yet it asks its source for. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "protocol/text_hash.hpp"
#include "routing/account.hpp"
#include "routing/buyer.hpp"
#include "routing/conversation.hpp"
#include "routing/policy_version.hpp"
#include "routing/shop_rating.hpp"
#include "storage/file_system.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

/// What stands of a shop itself.
struct shop_facts {
    routing::timestamp_ms made_at = 0;
    double credit_clock = 0; ///< virtual time of its fairness (R14), the last one journaled
    routing::shop_rating rating;
};

/// Where a fold finds the state before its first record. Nothing: there is none.
class fold_source {
public:
    virtual ~fold_source() = default;
    [[nodiscard]] virtual std::optional<shop_facts> find_shop(const std::string& shop) = 0;
    [[nodiscard]] virtual std::optional<routing::account> find_account(const std::string& shop, const std::string& account) = 0;
    [[nodiscard]] virtual std::optional<routing::buyer> find_buyer(const std::string& shop, const std::string& buyer) = 0;
    [[nodiscard]] virtual std::unique_ptr<routing::conversation> find_conversation(routing::conversation_number number) = 0;
};

struct folded_shop {
    shop_facts facts;
    std::vector<routing::policy_version> policies; ///< by version, those folded and those put in
    std::string policy_text;                       ///< parts of one that is not whole yet
    std::map<std::string, routing::account, std::less<>> accounts;
    std::unordered_map<std::string, routing::buyer, protocol::text_hash, std::equal_to<>> buyers;
    std::unordered_set<std::string, protocol::text_hash, std::equal_to<>> forgotten; ///< buyers of whom the source may still know
};

class fold {
public:
    using shop_map = std::map<std::string, folded_shop, std::less<>>;
    using conversation_map = std::unordered_map<routing::conversation_number, std::unique_ptr<routing::conversation>>;

    /// What becomes of lines: the archive writes them down itself and has its conversations only count them.
    enum class lines : bool { kept, counted };

    explicit fold(fold_source& source, lines what = lines::kept)
        : source_{source}
        , lines_{what} {}

    /// Applies one record. Fails, changing nothing, for a record that cannot follow what was folded before: a conversation
    /// nobody opened, a line out of turn.
    [[nodiscard]] outcome apply(const routing::record& record);

    /// Puts in what is known beforehand; start-up does, so that it need not ask for each.
    folded_shop& add_shop(const std::string& name, const shop_facts& facts);
    void add_conversation(std::unique_ptr<routing::conversation> value);

    void add_revoked(revoked_token value);

    [[nodiscard]] shop_map& shops() noexcept { return shops_; }
    /// Tokens, by id.
    [[nodiscard]] std::map<std::string, revoked_token>& revoked() noexcept { return revoked_; }
    [[nodiscard]] conversation_map& conversations() noexcept { return conversations_; }
    /// The conversations that records removed since the last call, of those that were put in or folded.
    [[nodiscard]] std::vector<routing::conversation_number> take_removed() { return std::exchange(removed_, {}); }
    /// Every conversation, by number.
    [[nodiscard]] std::vector<routing::conversation_number> numbers() const;
    /// Whether a record was folded that changed more of a known conversation than its lines; for who has them counted.
    [[nodiscard]] bool changed(routing::conversation_number number) const { return changed_.contains(number); }

private:
    [[nodiscard]] folded_shop& shop_of(std::string_view name);
    [[nodiscard]] routing::account* account_of(std::string_view shop, std::string_view name);
    [[nodiscard]] routing::buyer& buyer_of(std::string_view shop, std::string_view name);
    [[nodiscard]] routing::conversation* conversation_of(routing::conversation_number number);
    /// The same for a record that changes more than lines.
    [[nodiscard]] routing::conversation* change(routing::conversation_number number) {
        if (lines_ == lines::counted) changed_.insert(number);
        return conversation_of(number);
    }

    outcome add(const routing::shop_made& fact);
    outcome add(const routing::account_set& fact);
    outcome add(const routing::conversation_opened& fact);
    outcome add(const routing::line_added& fact);
    outcome add(const routing::place_changed& fact);
    outcome add(const routing::conversation_closed& fact);
    outcome add(const routing::buyer_set& fact);
    outcome add(const routing::prompt_sent& fact);
    outcome add(const routing::note_added& fact);
    outcome add(const routing::conversation_rated& fact);
    outcome add(const routing::decision_made& fact);
    outcome add(const routing::order_changed& fact);
    outcome add(const routing::policy_part& fact);
    outcome add(const routing::policy_set& fact);
    outcome add(const routing::rating_set& fact);
    outcome add(const routing::buyer_erased& fact);
    outcome add(const routing::history_pruned& fact);
    outcome add(const routing::token_revoked& fact);
    /// What belongs to no entity passes through.
    template <class Fact>
    outcome add(const Fact&) {
        return {};
    }

    template <class Gone>
    void remove_conversations(Gone gone);
    void forget(folded_shop& shop, const std::string& buyer);

    fold_source& source_;
    const lines lines_;
    shop_map shops_;
    conversation_map conversations_;
    std::unordered_set<routing::conversation_number> changed_;
    std::vector<routing::conversation_number> removed_;
    std::map<std::string, revoked_token> revoked_;
};

} // namespace fenliu::storage
