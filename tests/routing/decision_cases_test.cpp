// Checks the decision with given cases and their outcomes, as far as today's rules go: a case that needs priority, dedicated
// agents, robots, groups, emergency words, manual mode or a robot session is left out.
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "protocol/account.hpp"
#include "routing/decision.hpp"

namespace fenliu::routing {
namespace {

using nlohmann::json;

/// Whether today's steps alone lead to the outcome: steps 0 to 5 don't ask for robots, groups or dedicated agents, step 6 only
/// for robots.
bool within_todays_rules(const json& given) {
    static const std::set<std::string> early{
        "REJECT_ACCOUNT", "PRIVATE_MAIN",     "PRIVATE_MAIN_SUSPENDED", "PRIVATE_MAIN_OFFLINE",
        "DIRECT",         "DIRECT_SUSPENDED", "DIRECT_OFFLINE_STORED",  "MANUAL_PIN",
        "OPEN_SESSION",   "RECENT",           "RECENT_SUSPENDED",       "FORWARDED"};
    static const std::set<std::string> offline{"FALLBACK_MAIN", "FALLBACK_PROXY", "FALLBACK_POOL"};
    const auto& policy = given["policy"];
    const auto& buyer = given["buyer"];
    if (!policy["priority"].is_null() || (!buyer["session"].is_null() && buyer["session"]["state"] == "robot")) return false;
    const std::string reason = given["expect"]["reason"];
    if (early.contains(reason) || (offline.contains(reason) && policy["robot"]["mode"] == "off")) return true;
    for (const auto& word : policy["emergency_words"])
        if (given["message"]["text"].get<std::string>().find(word.get<std::string>()) != std::string::npos) return false;
    return policy["groups"].empty() && policy["mode"] == "auto" && policy["robot"]["mode"] == "off" &&
           buyer["dedicated"].is_null();
}

timestamp_ms time_of(const json& text) { // RFC 3339 with a zone
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone_hour = 0, zone_minute = 0;
    char sign = '+';
    const auto value = text.get<std::string>();
    std::sscanf(value.c_str(), "%d-%d-%dT%d:%d:%d", &year, &month, &day, &hour, &minute, &second);
    const auto zone = value.find_first_of("+Z", 19) != std::string::npos ? value.find_first_of("+Z", 19) : value.find('-', 19);
    std::sscanf(value.c_str() + zone, "%c%d:%d", &sign, &zone_hour, &zone_minute);
    using namespace std::chrono;
    const auto days = sys_days{std::chrono::year{year} / month / day}.time_since_epoch();
    const auto offset = (hours{zone_hour} + minutes{zone_minute}) * (sign == '-' ? -1 : 1);
    return duration_cast<milliseconds>(days + hours{hour} + minutes{minute} + seconds{second} - offset).count();
}

std::string text_or_empty(const json& value) { return value.is_null() ? std::string{} : value.get<std::string>(); }

policy policy_of(const json& given) {
    policy rules;
    rules.profile = given["profile"] == "seed" ? contact_profile::seed : contact_profile::modern;
    rules.queue_enabled = given["queue"]["enabled"];
    rules.queue_limit = given["queue"]["limit"];
    rules.offline = given["offline"] == "proxy"  ? offline_policy::proxy
                    : given["offline"] == "pool" ? offline_policy::pool
                                                 : offline_policy::main;
    rules.proxy = text_or_empty(given["proxy"]);
    rules.overload = given["overload"];
    rules.direct_diversion = given["direct_diversion"];
    rules.repeat_entry_min = given["repeat_entry_min"];
    return rules;
}

route_request request_of(const json& given, timestamp_ms now) {
    const auto& buyer = given["buyer"];
    route_request request;
    request.number = 1;
    request.buyer = buyer["id"];
    request.to = text_or_empty(given["message"]["to"]);
    request.private_contact = buyer["private"];
    request.grace_over = true;
    if (!buyer["recent"].is_null()) {
        request.recent_account = buyer["recent"]["account"];
        request.recent_at = time_of(buyer["recent"]["at"]);
        request.recent_by_forward = buyer["recent"]["by"] == "forward";
    }
    if (!buyer["session"].is_null()) {
        request.state = conversation_state::assigned;
        request.owner = text_or_empty(buyer["session"]["owner"]);
        request.pinned = buyer["session"]["pinned"];
    }
    if (!buyer["last_session_end"].is_null()) request.last_session_end = time_of(buyer["last_session_end"]);
    request.waiting_since = now;
    return request;
}

std::string difference(const json& given) {
    roster agents;
    const auto now = time_of(given["now"]);
    for (const auto& each : given["agents"]) {
        agent_report report{each["account"],   each["online"],        false,
                            each["suspended"], each["participating"], false,
                            each["load"],      each["cap"],           now - each["idle_s"].get<timestamp_ms>() * 1'000};
        agents.update(report, each["credit"]);
    }
    if (given["message"]["from_seller"]) return {}; // the sender's account is named by the session, not by the case
    const auto to = text_or_empty(given["message"]["to"]);
    protocol::account_name parts;
    std::string reason{"REJECT_ACCOUNT"}, agent;
    std::vector<std::string> met;
    if (to.empty() || !protocol::check_account(to, parts)) {
        const auto made = decide(policy_of(given["policy"]), agents, given["policy"]["main"].get<std::string>(),
                                 given["waiting"].get<std::size_t>(), request_of(given, now), now);
        reason = name(made.reason);
        agent = made.agent;
        for (const auto cause : made.causes)
            met.emplace_back(name(cause));
    }
    const auto& expect = given["expect"];
    if (reason == expect["reason"] && agent == text_or_empty(expect["agent"]) && json(met) == expect["causes"]) return {};
    return given["id"].get<std::string>() + ": got " + reason + " " + agent + " " + json(met).dump() + ", expected " +
           expect.dump();
}

TEST(decision_cases, todays_rules_give_the_expected_outcomes) {
    std::ifstream file{FENLIU_CASES};
    std::size_t checked = 0;
    for (std::string text; std::getline(file, text);) {
        const auto given = json::parse(text);
        if (!within_todays_rules(given)) continue;
        ++checked;
        EXPECT_EQ(difference(given), "");
    }
    RecordProperty("cases_checked", static_cast<int>(checked));
    EXPECT_GE(checked, 50U);
}

} // namespace
} // namespace fenliu::routing
