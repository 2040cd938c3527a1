#include "apps/policy/case_result.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

namespace fenliu::apps::policy {

namespace {

constexpr std::string_view cases_lang = "zh";

std::string text_of(const std::string& value) { return value.empty() ? "none" : value; }

std::string text_of(const std::vector<std::string>& values) {
    std::string text;
    for (const auto& each : values)
        text.append(text.empty() ? "" : ", ").append(each);
    return text_of(text);
}

std::string text_of(const std::optional<told_prompt>& prompt) { return prompt ? prompt->title + " / " + prompt->body : "none"; }

told_outcome told(const routing::verdict& made) {
    told_outcome out;
    out.reason = name(made.reason);
    for (const auto each : made.causes)
        out.causes.emplace_back(name(each));
    out.agent = made.agent;
    if (made.priority_failed) out.also.emplace_back(name(routing::reason::priority_failed));
    if (made.prompt)
        out.prompt = told_prompt{std::string(made.prompt->title(cases_lang)), std::string(made.prompt->text(cases_lang))};
    return out;
}

} // namespace

std::variant<told_outcome, std::string> evaluate(const routing_case& given) {
    std::shared_ptr<const routing::compiled_policy> policy;
    try {
        policy = std::make_shared<routing::compiled_policy>(given.policy);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    routing::roster agents;
    agents.set_policy(policy);
    for (const auto& each : given.agents)
        agents.update(each.report, each.credit);
    const routing::shop_state shop{given.shop, given.rating, given.waiting};
    return told(routing::decide(*policy, agents, shop, given.request, given.now));
}

std::vector<difference> compare(const told_outcome& expected, const told_outcome& got) {
    std::vector<difference> found;
    const auto check = [&found](std::string_view field, const auto& left, const auto& right) {
        if (left != right) found.push_back({std::string(field), text_of(left), text_of(right)});
    };
    check("reason", expected.reason, got.reason);
    check("causes", expected.causes, got.causes);
    check("agent", expected.agent, got.agent);
    check("also", expected.also, got.also);
    check("prompt", expected.prompt, got.prompt);
    return found;
}

} // namespace fenliu::apps::policy
