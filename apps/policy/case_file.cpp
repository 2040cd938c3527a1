#include "apps/policy/case_file.hpp"

#include <algorithm>

#include "apps/policy/case_fields.hpp"
#include "protocol/account.hpp"
#include "routing/shop_zone.hpp"

namespace fenliu::apps::policy {

namespace {

using nlohmann::json;

routing::daily_hours hours_of(case_fields& group) {
    std::vector<std::string> texts;
    group.read("hours", texts);
    std::vector<routing::day_window> windows;
    for (const auto& each : texts) {
        const auto window = routing::parse_day_window(each);
        if (window)
            windows.push_back(*window);
        else
            group.fail("hours", "holds what is no HH:MM-HH:MM: " + each);
    }
    return routing::daily_hours{std::move(windows)};
}

routing::group group_of(case_fields given) {
    routing::group group;
    given.require("id");
    given.read("id", group.id);
    given.read("members", group.members);
    given.read("crowds", group.crowds);
    given.read("tags", group.tags);
    given.read("products", group.products);
    given.read("keywords", group.keywords);
    given.read("order_states", group.order_states);
    group.hours = hours_of(given);
    given.read("overflow", group.overflow);
    given.read("robot", group.robot);
    return group;
}

void read_policy(case_fields given, routing_case& out) {
    auto& policy = out.policy;
    given.require("main");
    given.read("main", out.shop);
    if (const auto wrong = protocol::check_shop(out.shop)) given.fail("main", "is no main account: " + wrong->text);
    given.read("time_zone", policy.time_zone);
    if (!routing::shop_zone::find(policy.time_zone)) given.fail("time_zone", "is unknown: " + policy.time_zone);
    given.read("profile", policy.profile, contact_profiles);
    given.read("rating", out.rating, service_ratings);
    given.read("mode", policy.mode, assignment_modes);
    auto queue = given.object("queue");
    queue.read("enabled", policy.queue_enabled);
    queue.read("limit", policy.queue_limit);
    auto robot = given.object("robot");
    robot.read("mode", policy.robot, robot_modes);
    robot.read("share", policy.robot_share);
    robot.read("handoff_words", policy.handoff_words);
    given.read("offline", policy.offline, offline_policies);
    given.read("proxy", policy.proxy);
    given.read("overload", policy.overload);
    given.read("direct_diversion", policy.direct_diversion);
    given.object("priority").read("crowds", policy.priority_crowds);
    given.read("emergency_words", policy.emergency_words);
    given.read("emergency_group", policy.emergency_group);
    given.read("repeat_entry_min", policy.repeat_entry_min);
    for (auto& each : given.objects("groups"))
        policy.groups.push_back(group_of(std::move(each)));
}

void read_agents(case_fields& given, routing_case& out) {
    for (auto& each : given.objects("agents")) {
        case_agent agent;
        agent.report.cap = out.policy.default_cap;
        each.require("account");
        each.read("account", agent.report.account);
        each.read("online", agent.report.online);
        each.read("suspended", agent.report.suspended);
        each.read("participating", agent.report.participating);
        each.read("load", agent.report.load);
        each.read("cap", agent.report.cap);
        each.read("credit", agent.credit);
        std::uint32_t idle_s = 0;
        each.read("idle_s", idle_s);
        agent.report.idle_since = out.now - routing::timestamp_ms{idle_s} * 1'000;
        out.agents.push_back(std::move(agent));
    }
}

void read_recent(case_fields recent, routing::route_request& out) {
    recent.require("account");
    recent.read("account", out.recent_account);
    recent.require("at");
    recent.read_time("at", out.recent_at);
    recent.read("by", out.recent_by_forward, {{"assignment", false}, {"forward", true}});
}

void read_session(case_fields session, routing::route_request& out) {
    using routing::conversation_state;
    session.require("state");
    session.read("state", out.state, {{"assigned", conversation_state::assigned}, {"robot", conversation_state::robot}});
    session.read("owner", out.owner);
    session.read("pinned", out.pinned);
}

void read_buyer(case_fields buyer, routing::route_request& out) {
    out.buyer = "buyer";
    buyer.read("id", out.buyer);
    buyer.read("member", out.member);
    for (auto& each : buyer.objects("crowds")) {
        routing::crowd crowd;
        each.require("id");
        each.read("id", crowd.id);
        each.read_time("since", crowd.since);
        out.crowds.push_back(std::move(crowd));
    }
    buyer.read("tags", out.tags);
    buyer.read("private", out.private_contact);
    buyer.read("dedicated", out.dedicated);
    if (buyer.has("recent")) read_recent(buyer.object("recent"), out);
    if (buyer.has("session")) read_session(buyer.object("session"), out);
    buyer.read_time("last_prompt", out.last_prompt);
    buyer.read_time("last_session_end", out.last_session_end);
}

void read_message(case_fields message, routing::route_request& out) {
    using routing::entry_kind;
    message.read("from_seller", out.from_seller);
    message.read("to", out.to);
    message.read("text", out.text);
    message.read("entry", out.entry, {{"lit_icon", entry_kind::lit_icon}, {"message_box", entry_kind::message_box}});
    message.read("group", out.clicked_group);
    message.read("product", out.product);
    message.read("order_state", out.order_state);
}

void read_expectation(case_fields expect, told_outcome& out) {
    expect.require("reason");
    expect.read("reason", out.reason);
    expect.read("causes", out.causes);
    expect.read("agent", out.agent);
    expect.read("also", out.also);
    if (!expect.has("prompt")) return;
    auto prompt = expect.object("prompt");
    out.prompt.emplace();
    prompt.read("title", out.prompt->title);
    prompt.read("body", out.prompt->body);
}

std::variant<routing_case, broken_case> read_case(const json& object) {
    std::string fault;
    routing_case out;
    case_fields given(object, "", fault);
    given.read("id", out.id);
    given.require("now");
    given.read_time("now", out.now);
    read_policy(given.object("policy"), out);
    read_agents(given, out);
    given.read("waiting", out.waiting);
    out.request.number = 1;
    out.request.grace_over = true; // direct_diversion of a case says so
    out.request.waiting_since = out.now;
    read_buyer(given.object("buyer"), out.request);
    read_message(given.object("message"), out.request);
    read_expectation(given.object("expect"), out.expect);
    if (!fault.empty()) return broken_case{out.id, fault};
    return out;
}

struct text_line {
    std::size_t number = 0;
    std::string_view text;
};

std::vector<text_line> lines_of(std::string_view text) {
    std::vector<text_line> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t\r")));
        if (!line.empty()) lines.push_back({number, line});
    }
    return lines;
}

bool is_object(std::string_view text) { return json::parse(text, nullptr, false).is_object(); }

/// Whether the lines are one object that was laid out over several of them, even where it is broken.
bool one_object(const std::vector<text_line>& lines) {
    const auto begins_one = [](const text_line& line) { return line.text.starts_with('{'); };
    return !lines.empty() && begins_one(lines.front()) && !is_object(lines.front().text) &&
           !std::ranges::all_of(lines, begins_one);
}

placed_case read_at(std::size_t line, std::string_view text) {
    try {
        return {line, read_case(json::parse(text))};
    } catch (const json::exception& error) {
        const std::string_view why = error.what();
        const auto begin = why.find("] "); // after the library's own error number
        return {line, broken_case{{}, "is no JSON: " + std::string(begin == why.npos ? why : why.substr(begin + 2))}};
    }
}

} // namespace

std::vector<placed_case> read_cases(std::string_view text) {
    const auto lines = lines_of(text);
    if (one_object(lines)) return {read_at(lines.front().number, text)};
    std::vector<placed_case> cases;
    for (const auto& each : lines)
        cases.push_back(read_at(each.number, each.text));
    return cases;
}

} // namespace fenliu::apps::policy
