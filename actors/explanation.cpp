#include "actors/explanation.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "actors/body_fields.hpp"
#include "protocol/limits.hpp"
#include "routing/roster_replay.hpp"
#include "routing/shop_rating.hpp"

namespace fenliu::actors {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 7> outcomes{"award", "keep", "queue", "pool", "robot", "hold", "reject"};
constexpr std::array<std::string_view, 5> questions{"message", "wait", "forward", "pick", "assign"};
constexpr std::array<std::string_view, 3> entries{"", "lit_icon", "message_box"};

template <std::size_t Size, class Enum>
std::string_view word(const std::array<std::string_view, Size>& words, Enum value) {
    return words[static_cast<std::size_t>(value)];
}

json describe(const routing::traced_request& request) {
    json out = json::object();
    const auto text = [&](const char* key, std::string_view value) {
        if (!value.empty()) out[key] = value;
    };
    const auto flag = [&](const char* key, bool value) {
        if (value) out[key] = true;
    };
    const auto time = [&](const char* key, routing::timestamp_ms value) {
        if (value != 0) out[key] = value;
    };
    text("buyer", request.buyer);
    text("to", request.to);
    text("entry", word(entries, request.entry));
    text("group", request.clicked_group.empty() ? request.group : request.clicked_group);
    text("product", request.product);
    text("order_state", request.order_state);
    text("dedicated", request.dedicated);
    text("owner", request.owner);
    out["state"] = name(request.state);
    flag("private", request.private_contact);
    flag("member", request.member);
    flag("from_seller", request.from_seller);
    flag("pinned", request.pinned);
    flag("handed_off", request.handed_off);
    flag("grace_over", request.grace_over);
    flag("new_today", request.new_today);
    time("last_session_end", request.last_session_end);
    time("last_prompt", request.last_prompt);
    if (request.state == routing::conversation_state::queued || request.state == routing::conversation_state::pooled)
        time("waiting_since", request.waiting_since);
    if (!request.tags.empty()) out["tags"] = request.tags;
    for (const auto& each : request.crowds)
        out["crowds"].push_back({{"id", each.id}, {"since", each.since}, {"until", each.until}});
    if (!request.recent_account.empty())
        out["recent"] = {
            {"account", request.recent_account}, {"at", request.recent_at}, {"by_forward", request.recent_by_forward}};
    return out;
}

/// A conversation's decisions on their way to being explained in full; kept alive by the questions it asks.
class full_explanation : public std::enable_shared_from_this<full_explanation> {
public:
    full_explanation(storage::store& store, const policy_language& language, std::string shop,
                     routing::conversation_number number, std::function<void(json)> answer)
        : store_{store}
        , language_{language}
        , shop_{std::move(shop)}
        , number_{number}
        , answer_{std::move(answer)} {}

    void begin() {
        store_.read_decisions(
            {shop_, number_, limits::explained_decisions},
            [self = shared_from_this()](std::vector<storage::stored_decision> found) { self->take(std::move(found)); });
    }

private:
    void take(std::vector<storage::stored_decision> found) {
        decisions_ = std::move(found);
        body_ = actors::describe(decisions_);
        if (decisions_.empty()) return answer_(std::move(body_));
        store_.read_conversation(shop_, number_, [self = shared_from_this()](std::unique_ptr<routing::conversation> value) {
            self->conversation_ = std::move(value);
            for (const auto& each : self->body_)
                self->policies_[each["policy"].get<std::uint32_t>()] = nullptr;
            self->read_policies();
        });
    }

    void read_policies() {
        const auto next = std::ranges::find_if(policies_, [this](const auto& each) { return !asked_.contains(each.first); });
        if (next == policies_.end()) return replay();
        asked_.emplace(next->first, true);
        store_.read_policy(shop_, next->first,
                           [self = shared_from_this(), version = next->first](std::optional<routing::policy_version> found) {
                               if (found && self->language_.read)
                                   self->policies_[version] = self->language_.read(self->shop_, found->text).policy;
                               self->read_policies();
                           });
    }

    void replay() {
        enter(body_[0]["policy"].get<std::uint32_t>());
        store_.replay_roster(
            {shop_, decisions_.front().position, decisions_.back().position},
            [self = shared_from_this()](const routing::record& record, std::uint64_t position) { self->see(record, position); },
            [self = shared_from_this()](bool whole) {
                if (!whole) self->say("the log no longer reaches back to this decision");
                self->answer_(std::move(self->body_));
            });
    }

    /// Every policy begins with a note of the roster, so a replay can begin anew with it. Whatever policy was in force before the
    /// first of them, nothing is evaluated under it.
    void enter(std::uint32_t version) {
        const auto found = policies_.find(version);
        policy_ = found == policies_.end() ? nullptr : found->second;
        roster_ = policy_ ? std::make_unique<routing::roster_replay>(policy_) : nullptr;
    }

    void see(const routing::record& record, std::uint64_t position) {
        if (const auto* line = std::get_if<routing::line_added>(&record); line != nullptr && line->number == number_)
            lines_[line->seq] = line->text;
        if (shop_of(record) != shop_) return;
        if (const auto* set = std::get_if<routing::policy_set>(&record)) return enter(set->version);
        if (const auto* made = std::get_if<routing::decision_made>(&record); made != nullptr && made->number == number_)
            evaluate(*made, position);
        if (roster_) roster_->apply(record);
    }

    void evaluate(const routing::decision_made& made, std::uint64_t position) {
        const auto at = std::ranges::find(decisions_, position, &storage::stored_decision::position);
        if (at == decisions_.end()) return;
        auto& shown = body_[static_cast<std::size_t>(at - decisions_.begin())];
        if (!roster_ || !roster_->begun()) {
            shown["full_text"] = "policy version " + std::to_string(made.policy_version) + " can't be read any more";
            return;
        }
        const auto request = routing::request_of(made, text_of(made.seq));
        const auto again = routing::answer(*policy_, roster_->agents(), routing::inputs_of(made), request);
        shown["same_outcome"] = routing::same_outcome(made, again);
        if (!routing::same_outcome(made, again))
            shown["again"] = {{"reason", routing::name(again.reason)}, {"agent", or_nil(again.agent)}};
        shown["verdicts"] = describe_agents(roster_->agents());
    }

    [[nodiscard]] std::string text_of(std::uint64_t seq) const {
        if (const auto found = lines_.find(seq); found != lines_.end()) return found->second;
        const auto line = conversation_ ? conversation_->transcript.at(seq) : std::nullopt;
        return line ? std::string{line->text} : std::string{};
    }

    static std::string_view shop_of(const routing::record& record) {
        return std::visit(
            []<class Fact>(const Fact& fact) -> std::string_view {
                if constexpr (requires { fact.shop; }) return fact.shop;
                return {};
            },
            record);
    }

    /// Of those that were not evaluated.
    void say(std::string_view why) {
        for (auto& each : body_)
            if (!each.contains("verdicts")) each["full_text"] = why;
    }

    storage::store& store_;
    policy_language language_;
    std::string shop_;
    routing::conversation_number number_;
    std::function<void(json)> answer_;
    std::vector<storage::stored_decision> decisions_;
    json body_;
    std::unique_ptr<routing::conversation> conversation_; ///< as the archive has it
    std::map<std::uint64_t, std::string> lines_;          ///< that the log has
    std::map<std::uint32_t, std::shared_ptr<const routing::compiled_policy>> policies_;
    std::map<std::uint32_t, bool> asked_;
    std::shared_ptr<const routing::compiled_policy> policy_;
    std::unique_ptr<routing::roster_replay> roster_;
};

} // namespace

json describe(const routing::failing_counts& counts) {
    json out = json::object();
    for (std::size_t i = 1; i < counts.size(); ++i)
        out[std::string{name(static_cast<routing::failing>(i))}] = counts[i];
    out["ready"] = counts[0];
    return out;
}

json describe(const routing::decision_made& trace) {
    json causes = json::array(), flags = json::array(), candidates = json::array();
    for (const auto each : trace.causes)
        causes.push_back(routing::name(each));
    for (const auto& [set, word] : {std::pair{trace.priority, "priority"}, std::pair{trace.emergency, "emergency"},
                                    std::pair{trace.handed_off, "handed_off"},
                                    std::pair{trace.priority_failed, "priority_failed"}, std::pair{trace.prompt, "prompt"}})
        if (set) flags.push_back(word);
    for (const auto& each : trace.candidates)
        candidates.push_back({{"account", each.account},
                              {"credit", each.credit},
                              {"load", each.load},
                              {"cap", each.cap},
                              {"idle_since", each.idle_since}});
    return {{"conversation", routing::to_id(trace.number)},
            {"at", trace.at},
            {"seq", trace.seq},
            {"msg_id", or_nil(trace.message_id)},
            {"kind", word(questions, trace.question)},
            {"policy", trace.policy_version},
            {"outcome", word(outcomes, trace.outcome)},
            {"reason", routing::name(trace.reason)},
            {"causes", std::move(causes)},
            {"agent", or_nil(trace.agent)},
            {"group", or_nil(trace.group)},
            {"wanted_group", or_nil(trace.wanted)},
            {"text", trace.text},
            {"flags", std::move(flags)},
            {"rating", routing::name(trace.rating)},
            {"counted", trace.counted},
            {"request", describe(trace.request)},
            {"agents", describe(trace.failing)},
            {"candidates", std::move(candidates)},
            {"declined", trace.declined},
            {"waiting", trace.waiting},
            {"seed", trace.seed}};
}

json describe_agents(const routing::roster& agents) {
    auto note = agents.note().agents;
    std::ranges::stable_sort(note, {}, [](const auto& each) {
        return std::pair{routing::first_failing(each.report) != routing::failing::none, -each.credit};
    });
    if (note.size() > limits::explained_agents) note.resize(limits::explained_agents);
    json rows = json::array();
    for (const auto& [report, credit] : note)
        rows.push_back({{"account", report.account},
                        {"failing", name(routing::first_failing(report))},
                        {"online", report.online},
                        {"held", report.held},
                        {"suspended", report.suspended},
                        {"participating", report.participating},
                        {"load", report.load},
                        {"cap", report.cap},
                        {"credit", credit}});
    return rows;
}

json describe(const std::vector<storage::stored_decision>& found) {
    json out = json::array();
    routing::record record;
    for (const auto& each : found)
        if (storage::decode(each.payload, record))
            if (const auto* made = std::get_if<routing::decision_made>(&record)) out.push_back(describe(*made));
    return out;
}

void explain_in_full(storage::store& store, const policy_language& language, std::string shop,
                     routing::conversation_number number, std::function<void(json)> answer) {
    std::make_shared<full_explanation>(store, language, std::move(shop), number, std::move(answer))->begin();
}

} // namespace fenliu::actors
