#include "routing/roster.hpp"

#include <algorithm>
#include <tuple>

namespace fenliu::routing {
namespace {

// a.load/a.cap < b.load/b.cap without division; a cap of 0 counts as full.
int compare_load(const agent_report& a, const agent_report& b) noexcept {
    const auto left = a.cap == 0 ? std::uint64_t{b.cap} : std::uint64_t{a.load} * b.cap;
    const auto right = b.cap == 0 ? std::uint64_t{a.cap} : std::uint64_t{b.load} * a.cap;
    return left < right ? -1 : left > right ? 1 : 0;
}

bool earlier(const agent_report& a, const agent_report& b) noexcept {
    return std::tie(a.idle_since, a.account) < std::tie(b.idle_since, b.account);
}

} // namespace

failing first_failing(const agent_report& report) noexcept {
    if (report.robot) return failing::robot;
    if (!report.online) return failing::offline;
    if (report.suspended) return failing::suspended;
    if (!report.participating) return failing::participation;
    if (!report.on_shift) return failing::shift;
    return report.room() ? failing::none : failing::room;
}

struct roster::cohort {
    std::vector<group_index> groups;
    double weight = 1;
    bool in_turn = false, by_idleness = false; ///< a group of it picks so: these orders are kept
    double clock = 0;                          ///< gains per weight from its groups' candidate sets
    std::set<const entry*, by_credit> ready;   // avail ∧ room
    std::set<const entry*, by_load> available; // avail
    std::set<const entry*, by_idle> idle;      // as ready
    std::set<const entry*, by_account> named;  // as ready
    failing_counts counts{};
};

bool roster::by_credit::operator()(const entry* a, const entry* b) const noexcept {
    if (a->overworked != b->overworked) return b->overworked;
    if (a->base != b->base) return a->base < b->base; // lowest base is highest credit
    if (const int load = compare_load(a->report, b->report); load != 0) return load < 0;
    return earlier(a->report, b->report);
}

bool roster::by_load::operator()(const entry* a, const entry* b) const noexcept {
    if (const int load = compare_load(a->report, b->report); load != 0) return load < 0;
    if (a->base != b->base) return a->base < b->base;
    return earlier(a->report, b->report);
}

bool roster::by_idle::operator()(const entry* a, const entry* b) const noexcept { return earlier(a->report, b->report); }

bool roster::by_account::operator()(const entry* a, const entry* b) const noexcept {
    return a->report.account < b->report.account;
}

roster::roster() = default;
roster::~roster() = default;

// --- agents --------------------------------------------------------------------------------------------------------------

void roster::set_policy(std::shared_ptr<const compiled_policy> policy) {
    std::vector<std::pair<entry*, double>> credits;
    for (auto& [account, each] : entries_) {
        credits.emplace_back(&each, credit_of(each));
        take_from_orders(each);
    }
    policy_ = std::move(policy);
    clear_cohorts();
    for (auto& [each, credit] : credits) {
        each->cohort = &cohort_of(each->report.account);
        each->base = -credit;
        if (each->report.available()) each->base += each->cohort->weight * (clock_ + each->cohort->clock);
        add_to_orders(*each);
    }
}

void roster::clear_cohorts() {
    const auto groups = policy_ ? policy_->rules().groups.size() : 0;
    cohorts_.clear();
    all_.clear();
    by_group_.assign(groups, {});
    last_chosen_.assign(groups, {});
}

roster_note roster::note() const {
    roster_note made{clock_, {}, {}};
    made.agents.reserve(entries_.size());
    for (const auto& [account, each] : entries_)
        made.agents.push_back({each.report, credit_of(each)});
    std::ranges::sort(made.agents, {}, [](const roster_note::agent& each) -> const std::string& { return each.report.account; });
    for (std::size_t i = 0; i < last_chosen_.size(); ++i)
        if (!last_chosen_[i].empty() && policy_->rules().groups[i].strategy == pick_strategy::round_robin)
            made.last_chosen.emplace_back(policy_->rules().groups[i].id, last_chosen_[i]);
    return made;
}

void roster::restore(const roster_note& from) {
    for (auto& [account, each] : entries_)
        take_from_orders(each);
    entries_.clear();
    clear_cohorts();
    clock_ = from.clock;
    for (const auto& each : from.agents)
        update(each.report, each.credit);
    for (const auto& [group, account] : from.last_chosen)
        if (const auto found = policy_ ? policy_->find_group(group) : std::nullopt) last_chosen_[*found] = account;
}

roster::cohort& roster::cohort_of(std::string_view account) {
    static const std::vector<group_index> none;
    const auto& groups = policy_ ? policy_->by_member(account) : none;
    const double weight = policy_ ? policy_->terms_of(account).weight : 1;
    auto& found = cohorts_[{groups, weight}];
    if (found) return *found;
    found = std::make_unique<cohort>();
    found->groups = groups;
    found->weight = weight;
    all_.push_back(found.get());
    for (const auto group : groups) {
        const auto strategy = policy_->rules().groups[group].strategy;
        found->in_turn |= strategy == pick_strategy::round_robin;
        found->by_idleness |= strategy == pick_strategy::longest_idle;
        by_group_[group].push_back(found.get());
    }
    return *found;
}

bool roster::overworked(const agent_report& report) const noexcept {
    const std::uint64_t percent = policy_ ? policy_->rules().overwork_percent : 0;
    return percent > 0 && std::uint64_t{report.load} * 100 >= percent * report.cap;
}

void roster::add_to_orders(entry& each) {
    const agent_report& report = each.report;
    auto& in = *each.cohort;
    each.overworked = overworked(report);
    online_ += report.online && !report.robot;
    online_participating_ += report.online && report.participating && !report.robot;
    ++in.counts[static_cast<std::size_t>(first_failing(report))];
    if (report.robot && report.online && !report.suspended && report.room()) robots_.insert(&each);
    if (!report.available()) return;
    ++available_;
    in.available.insert(&each);
    if (!report.room()) return;
    ++ready_;
    in.ready.insert(&each);
    if (in.by_idleness) in.idle.insert(&each);
    if (in.in_turn) in.named.insert(&each);
}

void roster::take_from_orders(entry& each) {
    const agent_report& report = each.report;
    auto& in = *each.cohort;
    online_ -= report.online && !report.robot;
    online_participating_ -= report.online && report.participating && !report.robot;
    --in.counts[static_cast<std::size_t>(first_failing(report))];
    robots_.erase(&each);
    if (!report.available()) return;
    --available_;
    in.available.erase(&each);
    if (!report.room()) return;
    --ready_;
    in.ready.erase(&each);
    in.idle.erase(&each);
    in.named.erase(&each);
}

void roster::update(const agent_report& report, double credit) {
    const auto [at, added] = entries_.try_emplace(report.account);
    entry& each = at->second;
    if (added) {
        each.cohort = &cohort_of(report.account);
        each.base = -credit;
    } else {
        take_from_orders(each);
    }
    // Credit accrues only while avail: outside, it stands still.
    const double gained = each.cohort->weight * (clock_ + each.cohort->clock);
    if (!added && each.report.available() && !report.available()) each.base -= gained;
    if ((added || !each.report.available()) && report.available()) each.base += gained;
    each.report = report;
    add_to_orders(each);
}

const agent_report* roster::find(std::string_view account) const {
    const auto found = entries_.find(std::string{account});
    return found == entries_.end() ? nullptr : &found->second.report;
}

// --- choices -------------------------------------------------------------------------------------------------------------

const std::vector<roster::cohort*>& roster::cohorts_of(candidates among) const { return among ? by_group_[*among] : all_; }

template <class Order, class Better>
const roster::entry* roster::first_of(candidates among, Order order, Better better) const {
    const entry* chosen = nullptr;
    for (const auto* each : cohorts_of(among)) {
        const auto& ordered = each->*order;
        if (ordered.empty()) continue;
        const entry* first = *ordered.begin();
        if (chosen == nullptr || better(first, chosen)) chosen = first;
    }
    return chosen;
}

bool roster::better(const entry* a, const entry* b) const noexcept {
    if (a->overworked != b->overworked) return b->overworked;
    if (const double left = credit_of(*a), right = credit_of(*b); left != right) return left > right;
    if (const int load = compare_load(a->report, b->report); load != 0) return load < 0;
    return earlier(a->report, b->report);
}

const roster::entry* roster::best_by_credit(candidates among) const {
    return first_of(among, &cohort::ready, [this](const entry* a, const entry* b) { return better(a, b); });
}

std::vector<roster::candidate> roster::best_few(std::size_t most, candidates among) const {
    std::vector<const entry*> found;
    for (const auto* each : cohorts_of(among)) {
        auto next = each->ready.begin();
        for (std::size_t i = 0; i < most && next != each->ready.end(); ++i)
            found.push_back(*next++);
    }
    const auto few = std::min(most, found.size());
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(few),
                              [this](const entry* a, const entry* b) { return better(a, b); });
    std::vector<candidate> best;
    for (std::size_t i = 0; i < few; ++i)
        best.push_back({&found[i]->report, credit_of(*found[i])});
    return best;
}

const agent_report* roster::best_besides(std::string_view account) const {
    const entry* chosen = nullptr;
    for (const auto* each : all_) {
        auto first = each->ready.begin();
        if (first != each->ready.end() && (*first)->report.account == account) ++first;
        if (first != each->ready.end() && (chosen == nullptr || better(*first, chosen))) chosen = *first;
    }
    return chosen == nullptr ? nullptr : &chosen->report;
}

const agent_report* roster::best(candidates among) const {
    const auto strategy = among ? policy_->rules().groups[*among].strategy : pick_strategy::credit;
    const entry* chosen = nullptr;
    switch (strategy) {
    case pick_strategy::credit:
        chosen = best_by_credit(among);
        break;
    case pick_strategy::least_load: { // with the lowest load/cap there is room, if there is any
        const agent_report* least = least_loaded(among);
        return least != nullptr && least->room() ? least : nullptr;
    }
    case pick_strategy::longest_idle:
        chosen = first_of(among, &cohort::idle, by_idle{});
        break;
    case pick_strategy::round_robin:
        chosen = next_in_turn(*among);
        break;
    }
    return chosen == nullptr ? nullptr : &chosen->report;
}

const roster::entry* roster::next_in_turn(group_index group) const {
    entry last;
    last.report.account = last_chosen_[group];
    const entry* next = nullptr;
    for (const auto* each : by_group_[group]) {
        const auto found = each->named.upper_bound(&last);
        if (found != each->named.end() && (next == nullptr || by_account{}(*found, next))) next = *found;
    }
    return next != nullptr ? next : first_of(group, &cohort::named, by_account{});
}

const agent_report* roster::least_loaded(candidates among) const {
    const entry* chosen = first_of(among, &cohort::available, [this](const entry* a, const entry* b) {
        if (const int load = compare_load(a->report, b->report); load != 0) return load < 0;
        if (const double left = credit_of(*a), right = credit_of(*b); left != right) return left > right;
        return earlier(a->report, b->report);
    });
    return chosen == nullptr ? nullptr : &chosen->report;
}

const agent_report* roster::robot() const { return robots_.empty() ? nullptr : &(*robots_.begin())->report; }

failing_counts roster::count_failing(candidates among) const {
    failing_counts all{};
    for (const auto* each : cohorts_of(among))
        std::transform(all.begin(), all.end(), each->counts.begin(), all.begin(), std::plus<>{});
    return all;
}

// --- credits -------------------------------------------------------------------------------------------------------------

double roster::credit_of(const entry& each) const noexcept {
    return each.report.available() ? each.cohort->weight * (clock_ + each.cohort->clock) - each.base : -each.base;
}

double roster::credit(std::string_view account) const {
    const auto found = entries_.find(std::string{account});
    return found == entries_.end() ? 0 : credit_of(found->second);
}

void roster::charge(std::string_view account, bool counted, candidates among) {
    double weights = 0;
    for (const auto* each : cohorts_of(among))
        weights += each->weight * static_cast<double>(each->available.size());
    if (counted && weights > 0) {
        if (among)
            for (auto* each : by_group_[*among])
                each->clock += 1 / weights;
        else
            clock_ += 1 / weights;
    }
    if (among) last_chosen_[*among] = account;
    const auto found = entries_.find(std::string{account});
    if (found == entries_.end()) return;
    take_from_orders(found->second);
    found->second.base += 1;
    add_to_orders(found->second);
}

} // namespace fenliu::routing
