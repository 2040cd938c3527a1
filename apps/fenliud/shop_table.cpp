#include "apps/fenliud/shop_table.hpp"

#include <functional>
#include <optional>
#include <set>

#include "apps/fenliud/policy_keys.hpp"
#include "protocol/account.hpp"

namespace fenliu::apps::fenliud {

namespace {

/// Reads a shop's own names; holds what their checks have in common.
class shop_reader {
public:
    shop_reader(const toml::table& table, const routing::policy& defaults, configuration_errors& errors)
        : table_(table, "[[shop]]", errors)
        , errors_(errors) {
        shop_.policy = defaults;
    }

    routing::shop_settings read() {
        read_name();
        read_policy(table_, shop_.policy);
        read_accounts();
        read_proxy();
        read_groups();
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
            account.cap = shop_.policy.default_cap;
            const auto name = read_account(*item, account);
            if (!name || !check_account_of(shop_.name, *name, table_)) continue;
            if (!accounts_.insert(name->text).second) {
                table_.fail(name->at, "account " + in_quotes(name->text) + " is there twice");
                continue;
            }
            account.name = name->text;
            shop_.accounts.push_back(std::move(account));
        }
    }

    /// The account's name; its settings go into `account`.
    std::optional<placed_text> read_account(const toml::node& item, routing::account_settings& account) {
        if (const auto* text = item.as_string()) return placed_text{text->get(), item.source().begin};
        const auto* settings = item.as_table();
        if (settings == nullptr) {
            table_.fail(item,
                        "an account must be a text or a table {name, cap, participating}, not " + std::string(type_text(item)));
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

    void read_proxy() {
        table_.read("proxy", shop_.policy.proxy);
        if (!shop_.policy.proxy.empty()) check_known_account(shop_.policy.proxy, table_.place_of("proxy"));
        if (shop_.policy.offline == routing::offline_policy::proxy && shop_.policy.proxy.empty())
            table_.fail(table_.place_of("offline"), "offline = \"proxy\" needs proxy, an account of the shop");
    }

    void read_groups() {
        const auto tables = table_.read_tables("group");
        if (tables.size() > limits::groups_per_shop)
            table_.fail(table_.place_of("group"), "more than " + std::to_string(limits::groups_per_shop) + " groups");
        std::vector<placed_text> overflows;
        for (const toml::table* each : tables)
            read_group(*each, overflows);
        for (const auto& overflow : overflows)
            if (shop_.policy.find_group(overflow.text) == nullptr)
                table_.fail(overflow.at, unknown("group", overflow.text, in_shop(), group_ids()));
    }

    void read_group(const toml::table& settings, std::vector<placed_text>& overflows) {
        table_reader table(settings, "[[shop.group]]", errors_);
        routing::group group;
        placed_text id;
        if (table.require_text("id", id)) {
            if (id.text.size() > limits::label_bytes)
                table.fail(id.at, "id is longer than " + std::to_string(limits::label_bytes) + " bytes");
            if (shop_.policy.find_group(id.text) != nullptr) table.fail(id.at, "group " + in_quotes(id.text) + " is there twice");
            group.id = id.text;
        }
        std::vector<placed_text> members;
        table.read_texts("members", members);
        if (members.empty()) table.fail(table.place_of("members"), "[[shop.group]] needs members, accounts of the shop");
        std::set<std::string_view> seen;
        for (const auto& member : members) {
            check_known_account(member.text, member.at);
            if (!seen.insert(member.text).second) table.fail(member.at, "account " + in_quotes(member.text) + " is there twice");
            group.members.push_back(member.text);
        }
        table.read("overflow", group.overflow);
        if (!group.overflow.empty() && group.overflow == group.id)
            table.fail(table.place_of("overflow"), "a group can't overflow into itself");
        if (!group.overflow.empty()) overflows.push_back({group.overflow, table.place_of("overflow")});
        table.finish();
        shop_.policy.groups.push_back(std::move(group));
    }

    void check_known_account(std::string_view name, toml::source_position at) {
        if (shop_.name.empty() || name == shop_.name || accounts_.contains(name)) return;
        std::vector<std::string_view> known{shop_.name};
        known.insert(known.end(), accounts_.begin(), accounts_.end());
        table_.fail(at, unknown("account", name, in_shop(), known));
    }

    [[nodiscard]] std::string in_shop() const { return " in shop " + in_quotes(shop_.name); }
    [[nodiscard]] std::vector<std::string_view> group_ids() const {
        std::vector<std::string_view> ids;
        for (const auto& each : shop_.policy.groups)
            ids.push_back(each.id);
        return ids;
    }

    table_reader table_;
    configuration_errors& errors_;
    routing::shop_settings shop_;
    std::set<std::string, std::less<>> accounts_; ///< names of shop_.accounts
};

/// The name with half-width colons, as a question, if it has a full-width one (R1).
std::string half_width(std::string_view name) {
    constexpr std::string_view full_width_colon = "：";
    std::string text(name);
    for (auto at = text.find(full_width_colon); at != std::string::npos; at = text.find(full_width_colon, at))
        text.replace(at, full_width_colon.size(), ":");
    return text == name ? "" : ", did you mean " + in_quotes(text) + "?";
}

} // namespace

bool check_account_of(std::string_view shop, const placed_text& account, table_reader& table) {
    protocol::account_name name;
    if (const auto failed = protocol::check_account(account.text, name)) {
        table.fail(account.at, failed->text + half_width(account.text));
        return false;
    }
    if (shop.empty() || name.main == shop) return true;
    const auto meant = std::string(shop) + ":" + std::string(name.sub.empty() ? name.main : name.sub);
    table.fail(account.at, "account " + in_quotes(account.text) + " is of shop " + in_quotes(name.main) + ", not " +
                               in_quotes(shop) + ", did you mean " + in_quotes(meant) + "?");
    return false;
}

routing::shop_settings read_shop(const toml::table& table, const routing::policy& defaults, configuration_errors& errors) {
    return shop_reader(table, defaults, errors).read();
}

} // namespace fenliu::apps::fenliud
