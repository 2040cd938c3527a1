#include "decision_checks.hpp"

#include "routing/trace.hpp"
#include "storage/record_codec.hpp"

namespace fenliu::simulation {
namespace {

std::string_view shop_of(const routing::record& record) {
    return std::visit(
        []<class Fact>(const Fact& fact) -> std::string_view {
            if constexpr (requires { fact.shop; }) return fact.shop;
            return {};
        },
        record);
}

std::string text_of(const routing::verdict& made) {
    return std::string{routing::name(made.reason)} + " to " + (made.agent.empty() ? "nobody" : made.agent);
}

} // namespace

void decision_checks::take(const routing::record& record) {
    count(record);
    if (const auto* set = std::get_if<routing::policy_set>(&record)) return enter(*set);
    const auto found = shops_.find(shop_of(record));
    if (found == shops_.end() || !found->second.roster) return;
    if (const auto* made = std::get_if<routing::decision_made>(&record)) evaluate(found->second, *made);
    found->second.roster->apply(record);
}

void decision_checks::count(const routing::record& record) {
    if (const auto* deed = std::get_if<routing::admin_acted>(&record)) ++audited_[std::string{deed->verb}];
    if (std::holds_alternative<routing::rating_set>(record)) done("shop.set");
    if (const auto* set = std::get_if<routing::policy_set>(&record); set != nullptr && set->source == "put") done("policy.put");
    if (const auto* place = std::get_if<routing::place_changed>(&record);
        place != nullptr && place->reason == routing::reason::manual_assign)
        done("assign");
}

void decision_checks::enter(const routing::policy_set& fact) {
    auto& shop = shops_[std::string{fact.shop}];
    shop.policy = policies_.find(fact.text);
    shop.roster = shop.policy ? std::make_unique<routing::roster_replay>(shop.policy) : nullptr;
}

void decision_checks::evaluate(const view& of, const routing::decision_made& made) {
    const auto* in = on_.known.find(made.number);
    if (!on_.judged.check(in != nullptr && of.roster->begun(), 29,
                          [&] { return "a decision about " + conversation_text(made.number) + " without a roster before it"; }))
        return;
    const auto text = made.seq > 0 && made.seq <= in->lines.size() ? in->lines[made.seq - 1].text : std::string{};
    const auto again =
        routing::answer(*of.policy, of.roster->agents(), routing::inputs_of(made), routing::request_of(made, text));
    ++evaluated_;
    on_.judged.check(routing::same_outcome(made, again), 29, [&] {
        return conversation_text(made.number) + " was " + std::string{routing::name(made.reason)} + " to " +
               (made.agent.empty() ? "nobody" : std::string{made.agent}) + ", again it is " + text_of(again);
    });
}

void decision_checks::restarted(const simulated_store& store) {
    shops_.clear();
    expected_.clear();
    audited_.clear();
    routing::record record;
    for (std::size_t i = 0; i < store.synced(); ++i)
        if (storage::decode(store.payload(i), record))
            if (const auto* set = std::get_if<routing::policy_set>(&record)) enter(*set);
}

void decision_checks::quiet() {
    for (const auto& [verb, times] : expected_)
        on_.judged.check(audited_[verb] == times, 27, [&, &named = verb, &wanted = times] {
            return named + " took effect " + std::to_string(wanted) + " times and was audited " + std::to_string(audited_[named]);
        });
}

} // namespace fenliu::simulation
