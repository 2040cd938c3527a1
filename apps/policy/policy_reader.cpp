#include "apps/policy/policy_reader.hpp"

#include <unordered_set>

#include "apps/policy/did_you_mean.hpp"
#include "apps/policy/group_reader.hpp"
#include "apps/policy/list_reader.hpp"
#include "apps/policy/policy_words.hpp"
#include "routing/shop_zone.hpp"

namespace fenliu::apps::policy {

namespace {

/// Reads a policy section by section; holds what these have in common.
class policy_reader {
public:
    policy_reader(table_reader& table, const std::string& prefix, const policy_owner* owner, routing::policy& policy,
                  findings& errors)
        : table_(table)
        , prefix_(prefix)
        , owner_(owner)
        , policy_(policy)
        , errors_(errors) {}

    void read() {
        read_top();
        if (owner_ != nullptr) read_groups(table_, prefix_, *owner_, policy_, errors_);
        in_section("queue", &policy_reader::read_queue);
        in_section("robot", &policy_reader::read_robot);
        in_section("priority", &policy_reader::read_priority);
        in_section("emergency", &policy_reader::read_emergency);
        in_section("offline", &policy_reader::read_offline);
        read_group_of(table_, "after_sales_group", policy_.after_sales_group);
        read_windows();
        if (owner_ != nullptr) read_agents();
    }

private:
    void in_section(std::string_view name, void (policy_reader::*read_section)(table_reader&)) {
        table_reader section(table_.read_table(name), "[" + prefix_ + std::string(name) + "]", errors_);
        (this->*read_section)(section);
        section.finish();
    }

    void read_top() {
        read_time_zone();
        table_.read("profile", policy_.profile, contact_profiles);
        table_.read("mode", policy_.mode, assignment_modes);
        table_.read("default_cap", policy_.default_cap, limits::cap_range);
        table_.read("overwork_percent", policy_.overwork_percent, limits::overwork_range_percent);
        table_.read("repeat_entry_min", policy_.repeat_entry_min, limits::repeat_entry_range_min);
        table_.read("direct_diversion", policy_.direct_diversion);
        table_.read("direct_grace_ms", policy_.direct_grace_ms, limits::grace_range_ms);
        table_.read("session_silence_ms", policy_.session_silence_ms, limits::session_silence_range_ms);
        table_.read("loss_grace_ms", policy_.loss_grace_ms, limits::grace_range_ms);
        table_.read("slow_reply_s", policy_.slow_reply_s, limits::waited_range_s);
        table_.read("after_sales_reply_s", policy_.after_sales_reply_s, limits::waited_range_s);
    }

    void read_time_zone() {
        const auto inherited = policy_.time_zone;
        table_.read("time_zone", policy_.time_zone);
        if (policy_.time_zone == inherited || routing::shop_zone::find(policy_.time_zone)) return;
        const auto names = routing::shop_zone::names();
        const auto meant = did_you_mean(policy_.time_zone, {names.begin(), names.end()});
        table_.fail(table_.place_of("time_zone"),
                    "unknown time zone " + in_quotes(policy_.time_zone) +
                        (meant ? ", did you mean " + in_quotes(*meant) + "?" : "; write an IANA name such as Asia/Shanghai"));
    }

    void read_queue(table_reader& queue) {
        queue.read("enabled", policy_.queue_enabled);
        queue.read("limit", policy_.queue_limit, limits::waiting_line_range);
        queue.read("wait_threshold_s", policy_.wait_threshold_s, limits::waited_range_s);
        queue.read("ageing_s", policy_.ageing_s, limits::waited_range_s);
        queue.read("ageing_classes", policy_.ageing_classes, limits::ageing_range_classes);
        queue.read("overload", policy_.overload);
    }

    void read_robot(table_reader& robot) {
        robot.read("mode", policy_.robot, robot_modes);
        robot.read("share", policy_.robot_share, 1);
        read_list(robot, "handoff_words", "word", policy_.handoff_words);
    }

    void read_priority(table_reader& priority) {
        priority.read("rating", policy_.rating, service_ratings);
        read_list(priority, "crowds", "crowd", policy_.priority_crowds);
        if (policy_.priority_crowds.size() > limits::priority_crowds)
            priority.fail(priority.place_of("crowds"), std::to_string(policy_.priority_crowds.size()) + " crowds, at most " +
                                                           std::to_string(limits::priority_crowds) + " have priority (R21)");
    }

    void read_emergency(table_reader& emergency) {
        read_list(emergency, "words", "word", policy_.emergency_words);
        read_group_of(emergency, "group", policy_.emergency_group);
    }

    void read_offline(table_reader& offline) {
        using routing::offline_policy;
        offline.read("policy", policy_.offline, offline_policies);
        offline.read("proxy", policy_.proxy);
        if (owner_ == nullptr) {
            if (policy_.offline == offline_policy::proxy || !policy_.proxy.empty())
                offline.fail(offline.place_of(policy_.proxy.empty() ? "policy" : "proxy"),
                             "a proxy is an account, so it stands in the [[shop]] that has it");
            return;
        }
        if (!policy_.proxy.empty())
            check_owned_account(*owner_, {policy_.proxy, offline.place_of("proxy")}, offline);
        else if (policy_.offline == offline_policy::proxy)
            offline.fail(offline.place_of("policy"), "policy = \"proxy\" needs proxy, an account of the shop");
    }

    void read_group_of(table_reader& table, std::string_view key, std::string& id) {
        table.read(key, id);
        if (!id.empty()) check_group_id(policy_, {id, table.place_of(key)}, "", table);
    }

    void read_windows() {
        const auto tables = table_.read_tables("window");
        if (!tables.empty()) policy_.windows.clear();
        const std::string title = "[[" + prefix_ + "window]]";
        for (const toml::table* each : tables) {
            table_reader table(*each, title, errors_);
            routing::time_window window;
            read_hours(table, "hours", window.hours);
            if (!each->contains("hours")) table.fail(*each, title + " needs hours");
            table.read("mode", window.mode, assignment_modes);
            table.read("robot", window.robot, robot_modes);
            table.read("robot_share", window.robot_share, 1);
            table.finish();
            policy_.windows.push_back(std::move(window));
        }
    }

    void read_agents() {
        const auto tables = table_.read_tables("agent");
        if (tables.size() > limits::accounts_per_shop)
            return table_.fail(table_.place_of("agent"), "more than " + std::to_string(limits::accounts_per_shop) + " agents");
        if (!tables.empty()) policy_.agents.clear();
        std::unordered_set<std::string> seen;
        for (const toml::table* each : tables) {
            table_reader table(*each, "[[" + prefix_ + "agent]]", errors_);
            routing::agent_terms terms;
            if (placed_text account; table.require_text("account", account)) {
                check_owned_account(*owner_, account, table);
                if (!seen.insert(account.text).second)
                    table.fail(account.at, "account " + in_quotes(account.text) + " is there twice");
                terms.account = std::move(account.text);
            }
            table.read("weight", terms.weight, limits::agent_weight);
            read_hours(table, "shifts", terms.shifts);
            table.read("senior", terms.senior);
            table.finish();
            policy_.agents.push_back(std::move(terms));
        }
    }

    table_reader& table_;
    const std::string& prefix_;
    const policy_owner* owner_;
    routing::policy& policy_;
    findings& errors_;
};

} // namespace

void read_policy(table_reader& table, const std::string& prefix, const policy_owner* owner, routing::policy& policy,
                 findings& errors) {
    policy_reader(table, prefix, owner, policy, errors).read();
}

} // namespace fenliu::apps::policy
