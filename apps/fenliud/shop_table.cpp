#include "apps/fenliud/shop_table.hpp"

#include <optional>
#include <utility>

#include "apps/policy/policy_reader.hpp"
#include "apps/policy/shop_account.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliud {

namespace {

using policy::in_quotes;
using policy::placed_text;
using policy::table_reader;

/// Reads a shop's own names; holds what their checks have in common.
class shop_reader {
public:
    shop_reader(const toml::table& table, const routing::policy& defaults, policy::findings& errors)
        : table_(table, "[[shop]]", errors)
        , errors_(errors) {
        shop_.policy = defaults;
    }

    routing::shop_settings read() {
        read_name();
        read_accounts();
        const policy::policy_owner owner{shop_.name, &names_};
        policy::read_policy(table_, "shop.", &owner, shop_.policy, errors_);
        for (const auto at : without_cap_)
            shop_.accounts[at].cap = shop_.policy.default_cap;
        table_.finish();
        return std::move(shop_);
    }

private:
    void read_name() {
        placed_text name;
        if (!table_.require_text("name", name)) return;
        if (const auto failed = protocol::check_shop(name.text))
            table_.fail(name.at, failed->text);
        else
            shop_.name = name.text;
    }

    void read_accounts() {
        const auto items = table_.read_array("accounts", "names or tables {name, cap, participating}");
        if (items.size() > limits::accounts_per_shop)
            table_.fail(table_.place_of("accounts"), "more than " + std::to_string(limits::accounts_per_shop) + " accounts");
        for (const toml::node* item : items) {
            routing::account_settings account;
            const auto name = read_account(*item, account);
            if (!name || !policy::check_account_of(shop_.name, *name, table_)) continue;
            if (!names_.insert(name->text).second) {
                table_.fail(name->at, "account " + in_quotes(name->text) + " is there twice");
                continue;
            }
            account.name = name->text;
            const auto* settings = item->as_table();
            if (settings == nullptr || !settings->contains("cap")) without_cap_.push_back(shop_.accounts.size());
            shop_.accounts.push_back(std::move(account));
        }
    }

    /// The account's name; its settings go into `account`.
    std::optional<placed_text> read_account(const toml::node& item, routing::account_settings& account) {
        if (const auto* text = item.as_string()) return placed_text{text->get(), item.source().begin};
        const auto* settings = item.as_table();
        if (settings == nullptr) {
            table_.fail(item, "an account must be a text or a table {name, cap, participating}, not " +
                                  std::string(policy::type_text(item)));
            return std::nullopt;
        }
        table_reader table(*settings, "an account", errors_);
        placed_text name;
        const bool named = table.require_text("name", name);
        table.read("cap", account.cap, limits::cap_range);
        table.read("participating", account.participating);
        table.finish();
        return named ? std::optional(name) : std::nullopt;
    }

    table_reader table_;
    policy::findings& errors_;
    routing::shop_settings shop_;
    policy::account_names names_;          ///< of shop_.accounts
    std::vector<std::size_t> without_cap_; ///< those of shop_.accounts that take the policy's
};

} // namespace

routing::shop_settings read_shop(const toml::table& table, const routing::policy& defaults, policy::findings& errors) {
    return shop_reader(table, defaults, errors).read();
}

} // namespace fenliu::apps::fenliud
