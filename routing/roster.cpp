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

bool roster::by_credit::operator()(const entry* a, const entry* b) const noexcept {
    if (a->base != b->base) return a->base < b->base; // lowest base is highest credit
    if (const int load = compare_load(a->report, b->report); load != 0) return load < 0;
    return earlier(a->report, b->report);
}

bool roster::by_load::operator()(const entry* a, const entry* b) const noexcept {
    if (const int load = compare_load(a->report, b->report); load != 0) return load < 0;
    if (a->base != b->base) return a->base < b->base;
    return earlier(a->report, b->report);
}

void roster::add_to_orders(entry& each) {
    const agent_report& report = each.report;
    online_ += report.online && !report.robot;
    online_participating_ += report.online && report.participating && !report.robot;
    if (!report.available()) return;
    by_load_.insert(&each);
    if (report.room()) by_credit_.insert(&each);
}

void roster::take_from_orders(entry& each) {
    const agent_report& report = each.report;
    online_ -= report.online && !report.robot;
    online_participating_ -= report.online && report.participating && !report.robot;
    if (!report.available()) return;
    by_load_.erase(&each);
    if (report.room()) by_credit_.erase(&each);
}

void roster::update(const agent_report& report, double credit) {
    const auto [at, added] = entries_.try_emplace(report.account);
    entry& each = at->second;
    if (added)
        each.base = -credit;
    else
        take_from_orders(each);
    // Credit accrues only while avail: outside, it stands still.
    if (!added && each.report.available() && !report.available()) each.base -= clock_;
    if ((added || !each.report.available()) && report.available()) each.base += clock_;
    each.report = report;
    add_to_orders(each);
}

const agent_report* roster::find(std::string_view account) const {
    const auto found = entries_.find(std::string{account});
    return found == entries_.end() ? nullptr : &found->second.report;
}

roster::entry* roster::entry_of(std::string_view account) {
    const auto found = entries_.find(std::string{account});
    return found == entries_.end() ? nullptr : &found->second;
}

const agent_report* roster::best() const { return by_credit_.empty() ? nullptr : &(*by_credit_.begin())->report; }

const agent_report* roster::best_of(const std::vector<std::string>& accounts) const {
    const entry* chosen = nullptr;
    for (const auto& account : accounts) {
        const auto found = entries_.find(account);
        if (found == entries_.end()) continue;
        const entry& each = found->second;
        if (!each.report.available() || !each.report.room()) continue;
        if (chosen == nullptr || by_credit{}(&each, chosen)) chosen = &each;
    }
    return chosen == nullptr ? nullptr : &chosen->report;
}

const agent_report* roster::least_loaded() const { return by_load_.empty() ? nullptr : &(*by_load_.begin())->report; }

double roster::credit_of(const entry& each) const noexcept { return each.report.available() ? clock_ - each.base : -each.base; }

double roster::credit(std::string_view account) const {
    const auto found = entries_.find(std::string{account});
    return found == entries_.end() ? 0 : credit_of(found->second);
}

void roster::charge(std::string_view account, bool counted) {
    if (counted && !by_load_.empty()) clock_ += 1.0 / static_cast<double>(by_load_.size());
    entry* receiver = entry_of(account);
    if (receiver == nullptr) return;
    take_from_orders(*receiver);
    receiver->base += 1;
    add_to_orders(*receiver);
}

} // namespace fenliu::routing
