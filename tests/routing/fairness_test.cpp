// Fairness as properties (R14, R18, R33): whatever the order of arrivals, the pick divides new buyers by the time agents are
// there.
#include <cstdio>
#include <fstream>
#include <map>
#include <numeric>
#include <random>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "routing/roster.hpp"

namespace fenliu::routing {
namespace {

/// A shop whose agents take every new buyer the pick gives them.
class reception {
public:
    explicit reception(std::size_t agents) {
        for (std::size_t i = 0; i < agents; ++i)
            set(i, true);
    }
    void set(std::size_t agent, bool available, bool online = true) {
        auto& report = reports_[name(agent)];
        report.account = name(agent);
        report.online = online;
        report.suspended = !available;
        report.cap = 1'000'000;
        agents_.update(report);
    }
    /// A new buyer comes; nothing when nobody is available.
    std::optional<std::size_t> arrive() {
        const auto* best = agents_.best();
        if (best == nullptr) return std::nullopt;
        const std::string account = best->account;
        for (auto& [key, report] : reports_)
            if (report.available()) due_[key] += 1.0 / static_cast<double>(agents_.available());
        agents_.charge(account, true);
        auto& report = reports_[account];
        ++report.load;
        agents_.update(report);
        ++received_[account];
        return std::stoul(account.substr(2));
    }
    /// One of its buyers is done.
    void close(std::size_t agent) {
        auto& report = reports_[name(agent)];
        if (report.load > 0) --report.load;
        agents_.update(report);
    }
    [[nodiscard]] double received(std::size_t agent) { return received_[name(agent)]; }
    /// What an equal division among those who were there would have given it.
    [[nodiscard]] double due(std::size_t agent) { return due_[name(agent)]; }

private:
    static std::string name(std::size_t agent) { return "s:" + std::to_string(agent); }

    roster agents_;
    std::map<std::string, agent_report> reports_;
    std::map<std::string, double> received_, due_;
};

RC_GTEST_PROP(fairness, agents_that_were_there_all_the_time_differ_by_one_at_most, ()) {
    const auto agents = *rc::gen::inRange<std::size_t>(1, 12);
    reception shop{agents};
    // true: a buyer comes; a number: that agent's oldest buyer is done.
    for (const auto step : *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 2 * agents))) {
        if (step < agents)
            shop.close(step);
        else
            (void)shop.arrive();
        double least = 1e9, most = 0;
        for (std::size_t i = 0; i < agents; ++i) {
            least = std::min(least, shop.received(i));
            most = std::max(most, shop.received(i));
        }
        RC_ASSERT(most - least <= 1);
    }
}

RC_GTEST_PROP(fairness, nobody_gets_more_than_what_its_presence_is_due, ()) {
    const auto agents = *rc::gen::inRange<std::size_t>(2, 8);
    reception shop{agents};
    const auto steps = *rc::gen::container<std::vector<std::pair<std::size_t, bool>>>(
        rc::gen::pair(rc::gen::inRange<std::size_t>(0, 4 * agents), rc::gen::arbitrary<bool>()));
    for (const auto& [step, available] : steps) {
        if (step < agents)
            shop.set(step, available);
        else
            (void)shop.arrive();
        // One buyer is the least there is, and each other agent may be ahead by one.
        for (std::size_t i = 0; i < agents; ++i)
            RC_ASSERT(shop.received(i) - shop.due(i) <= static_cast<double>(agents));
    }
}

TEST(fairness, over_a_long_day_counts_are_in_proportion_to_time) {
    constexpr std::size_t agents = 40, buyers = 100'000;
    std::mt19937 random{20'260'101};
    reception shop{agents};
    std::vector<double> time(agents, 0);
    std::vector<std::size_t> there(agents / 2), away(agents / 2);
    std::iota(there.begin(), there.end(), 0);
    std::iota(away.begin(), away.end(), agents / 2);
    for (const auto agent : away)
        shop.set(agent, false);
    for (std::size_t buyer = 0; buyer < buyers; ++buyer) {
        if (buyer % 50 == 0) { // one leaves and another comes
            auto& leaves = there[random() % there.size()];
            auto& comes = away[random() % away.size()];
            shop.set(leaves, false);
            shop.set(comes, true);
            std::swap(leaves, comes);
        }
        for (const auto agent : there)
            ++time[agent];
        (void)shop.arrive();
    }
    const double total = std::accumulate(time.begin(), time.end(), 0.0);
    for (std::size_t i = 0; i < agents; ++i) {
        EXPECT_NEAR(shop.received(i) / shop.due(i), 1, 0.02) << "agent " << i;
        EXPECT_NEAR(shop.received(i) / buyers / (time[i] / total), 1, 0.02) << "agent " << i;
    }
}

TEST(fairness, a_late_login_gets_an_equal_share_of_its_first_hour) {
    constexpr std::size_t agents = 9;
    reception shop{agents};
    for (int i = 0; i < 5'000; ++i)
        (void)shop.arrive();
    shop.set(agents, true);
    constexpr int first_hour = 500;
    for (int i = 0; i < first_hour; ++i)
        (void)shop.arrive();
    constexpr double equal = first_hour / double{agents + 1};
    EXPECT_NEAR(shop.received(agents), equal, 0.1 * equal);
}

TEST(fairness, toggling_or_reconnecting_gains_nothing) {
    for (const bool online : {true, false}) { // suspended for a moment, or gone for one
        reception shop{5};
        for (int i = 0; i < 5'000; ++i) {
            shop.set(0, false, online);
            shop.set(0, true);
            (void)shop.arrive();
        }
        for (std::size_t agent = 0; agent < 5; ++agent)
            EXPECT_NEAR(shop.received(agent), 1'000, 1) << agent;
    }
}

TEST(fairness, suspending_at_the_right_moments_gains_nothing) {
    reception shop{4};
    for (int i = 0; i < 4'000; ++i) {
        if (shop.received(0) > shop.due(0)) shop.set(0, false); // away while it would be others' turn anyway
        (void)shop.arrive();
        shop.set(0, true);
    }
    for (std::size_t agent = 1; agent < 4; ++agent)
        EXPECT_GE(shop.received(agent), shop.received(0) - 1);
}

#ifdef FENLIU_CALLS

double jain(const std::vector<double>& shares) {
    double sum = 0, squares = 0;
    for (const auto each : shares) {
        sum += each;
        squares += each * each;
    }
    return sum * sum / (static_cast<double>(shares.size()) * squares);
}

/// Seconds of a day of `HH:MM:SS`.
int seconds(const std::string& text) {
    int hour = 0, minute = 0, second = 0;
    std::sscanf(text.c_str(), "%d:%d:%d", &hour, &minute, &second);
    return (hour * 60 + minute) * 60 + second;
}

// Real arrivals of a call centre over two weeks: ten agents on three overlapping shifts, each call as long as it was.
TEST(fairness, real_arrivals_are_divided_by_hours_on_duty) {
    std::ifstream file{FENLIU_CALLS};
    std::string line;
    std::getline(file, line);
    constexpr std::size_t agents = 10;
    const auto on_duty = [](std::size_t agent, int at) { // 7–15, 11–19, 15–24
        const int hour = at / 3'600;
        return agent % 3 == 0 ? hour >= 7 && hour < 15 : agent % 3 == 1 ? hour >= 11 && hour < 19 : hour >= 15 && hour < 24;
    };
    reception shop{agents};
    std::multimap<std::pair<int, int>, std::size_t> ends; // (day, second) → whose call ends then
    std::size_t calls = 0;
    while (std::getline(file, line)) {
        std::istringstream row{line};
        std::vector<std::string> cells;
        for (std::string cell; std::getline(row, cell, '\t');)
            cells.push_back(cell);
        const int date = std::stoi(cells[5]), at = seconds(cells[6]);
        while (!ends.empty() && ends.begin()->first <= std::pair{date, at}) {
            shop.close(ends.begin()->second);
            ends.erase(ends.begin());
        }
        for (std::size_t i = 0; i < agents; ++i)
            shop.set(i, on_duty(i, at));
        if (const auto agent = shop.arrive()) {
            ends.emplace(std::pair{date, at + std::stoi(cells[15])}, *agent);
            ++calls;
        }
    }
    EXPECT_GT(calls, 10'000U);
    std::vector<double> shares;
    for (std::size_t i = 0; i < agents; ++i)
        shares.push_back(shop.received(i) / shop.due(i));
    EXPECT_GE(jain(shares), 0.99);
    RecordProperty("jain", std::to_string(jain(shares)));
}

#endif

} // namespace
} // namespace fenliu::routing
