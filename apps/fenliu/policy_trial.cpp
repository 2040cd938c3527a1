#include "apps/fenliu/policy_trial.hpp"

#include "apps/fenliu/admin.hpp"
#include "apps/fenliu/decision_words.hpp"
#include "apps/policy/timestamp.hpp"

namespace fenliu::apps::fenliu {

namespace {

std::variant<json, problem> body_of(const trial_arguments& given) {
    json body{{"shop", given.shop}};
    const auto add = [&body](const char* key, const auto& value) {
        if (!value.empty()) body[key] = value;
    };
    add("buyer", given.buyer);
    add("text", given.text);
    add("to", given.to);
    add("entry", given.entry);
    add("group", given.group);
    add("product", given.product);
    add("order_state", given.order_state);
    add("tags", given.tags);
    add("crowds", given.crowds);
    if (given.at.empty()) return body;
    const auto at = policy::read_timestamp(given.at);
    if (!at) return problem{exit_status::usage, "'" + given.at + "' is no time; write it as 2026-03-01T14:00:00+08:00"};
    body["at"] = *at;
    return body;
}

} // namespace

bool trial_arguments::any() const noexcept {
    for (const auto* each : {&buyer, &text, &to, &entry, &group, &product, &order_state, &at})
        if (!each->empty()) return true;
    return !tags.empty() || !crowds.empty() || full;
}

exit_status try_message(const common_options& options, const trial_arguments& given) {
    const auto body = body_of(given);
    if (const auto* bad = std::get_if<problem>(&body)) return complain(*bad);
    admin session(options, given.shop);
    if (const auto bad = session.open()) return complain(*bad);
    const auto asked = session.ask("policy.test", std::get<json>(body));
    if (const auto* bad = std::get_if<problem>(&asked)) return complain(*bad);
    const auto& answer = std::get<json>(asked);
    if (options.json) {
        print_json(answer);
        return exit_status::ok;
    }
    json decision = field(answer, "decision");
    if (given.full) decision["verdicts"] = field(answer, "verdicts");
    print(tell_decision(decision, language_of(given.lang)));
    return exit_status::ok;
}

} // namespace fenliu::apps::fenliu
