#include "apps/policy/group_reader.hpp"

#include <algorithm>
#include <unordered_map>

#include "apps/policy/list_reader.hpp"
#include "apps/policy/policy_words.hpp"
#include "apps/policy/shop_account.hpp"

namespace fenliu::apps::policy {

namespace {

std::string in_shop(const policy_owner& owner) { return owner.shop.empty() ? "" : " in shop " + in_quotes(owner.shop); }

/// Reads one group after another, then what they say of each other.
class groups_reader {
public:
    groups_reader(table_reader& table, std::string title, const policy_owner& owner, routing::policy& policy, findings& errors)
        : table_(table)
        , title_(std::move(title))
        , owner_(owner)
        , policy_(policy)
        , errors_(errors) {}

    void read(const std::vector<const toml::table*>& tables) {
        policy_.groups.clear();
        for (const toml::table* each : tables)
            read_group(*each);
        for (const auto& overflow : overflows_)
            if (!overflow.text.empty()) check_group_id(policy_, overflow, in_shop(owner_), table_);
        for (std::size_t at = 0; at < policy_.groups.size(); ++at)
            check_circle(at);
    }

private:
    void read_group(const toml::table& settings) {
        table_reader table(settings, title_, errors_);
        routing::group group;
        read_id(table, group);
        read_members(table, group);
        read_list(table, "crowds", "crowd", group.crowds);
        read_list(table, "tags", "tag", group.tags);
        read_list(table, "products", "product", group.products);
        read_list(table, "keywords", "keyword", group.keywords);
        read_list(table, "order_states", "order state", group.order_states);
        read_hours(table, "hours", group.hours);
        table.read("overflow", group.overflow);
        overflows_.push_back({group.overflow, table.place_of("overflow")});
        table.read("robot", group.robot);
        table.read("strategy", group.strategy, pick_strategies);
        table.finish();
        if (!group.id.empty()) places_.try_emplace(group.id, policy_.groups.size());
        policy_.groups.push_back(std::move(group));
    }

    void read_id(table_reader& table, routing::group& group) {
        placed_text id;
        if (!table.require_text("id", id)) return;
        if (id.text.size() > limits::label_bytes)
            table.fail(id.at, "id is longer than " + std::to_string(limits::label_bytes) + " bytes");
        if (places_.contains(id.text)) table.fail(id.at, "group " + in_quotes(id.text) + " is there twice");
        group.id = std::move(id.text);
    }

    void read_members(table_reader& table, routing::group& group) {
        std::vector<placed_text> members;
        if (!read_list(table, "members", "account", members))
            table.fail(table.place_of("members"), title_ + " needs members, accounts of the shop");
        for (auto& member : members) {
            if (!member.text.empty()) check_owned_account(owner_, member, table);
            group.members.push_back(std::move(member.text));
        }
    }

    /// Reports groups that overflow into each other, once a circle: at the first of them.
    void check_circle(std::size_t first) {
        std::string way = policy_.groups[first].id;
        std::size_t at = first;
        for (std::size_t steps = 0; steps < policy_.groups.size(); ++steps) {
            const auto next = places_.find(policy_.groups[at].overflow);
            if (next == places_.end() || next->second < first) return;
            at = next->second;
            way += " → " + policy_.groups[at].id;
            if (at != first) continue;
            table_.fail(overflows_[first].at,
                        steps == 0 ? "a group can't overflow into itself" : "overflow goes in a circle: " + way);
            return;
        }
    }

    table_reader& table_;
    std::string title_;
    const policy_owner& owner_;
    routing::policy& policy_;
    findings& errors_;
    std::vector<placed_text> overflows_;                  ///< of each group; empty text: none
    std::unordered_map<std::string, std::size_t> places_; ///< of each id in policy order
};

} // namespace

void read_groups(table_reader& table, const std::string& prefix, const policy_owner& owner, routing::policy& policy,
                 findings& errors) {
    const auto tables = table.read_tables("group");
    if (tables.size() > limits::groups_per_shop)
        table.fail(table.place_of("group"), "more than " + std::to_string(limits::groups_per_shop) + " groups");
    else if (!tables.empty())
        groups_reader(table, "[[" + prefix + "group]]", owner, policy, errors).read(tables);
}

void check_owned_account(const policy_owner& owner, const placed_text& account, table_reader& table) {
    if (owner.shop.empty() || account.text == owner.shop) return;
    if (owner.accounts == nullptr) return void(check_account_of(owner.shop, account, table));
    if (owner.accounts->contains(account.text)) return;
    std::vector<std::string_view> known{owner.shop};
    known.insert(known.end(), owner.accounts->begin(), owner.accounts->end());
    table.fail(account.at, unknown("account", account.text, in_shop(owner), known));
}

void check_group_id(const routing::policy& policy, const placed_text& id, std::string_view where, table_reader& table) {
    if (policy.find_group(id.text) != nullptr) return;
    std::vector<std::string_view> ids;
    for (const auto& each : policy.groups)
        ids.push_back(each.id);
    table.fail(id.at, unknown("group", id.text, where, ids));
}

} // namespace fenliu::apps::policy
