// A shop's agents as they last reported, ordered for choosing: the dispatcher's view. It only orders candidates; the award asks
// the agent itself (reserve), so an old report can delay an assignment but never break a rule. Also keeps the credits of the
// pick (R14, R18, R33). Every change costs O(log n). Pure; one thread.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routing/record.hpp"

namespace fenliu::routing {

/// What an agent says of itself after each change.
struct agent_report {
    std::string account;
    bool online = false;    ///< by its own word, over a live or resumable session
    bool held = false;      ///< lost, within the grace: online for its open conversations only (step 4)
    bool suspended = false; ///< also true for `invisible`
    bool participating = true;
    bool robot = false;
    std::uint32_t load = 0, cap = 0;
    timestamp_ms idle_since = 0; ///< since when it got no buyer

    /// avail of domain.md: online ∧ ¬suspended ∧ participating; robots are no agents to routing.
    [[nodiscard]] bool available() const noexcept { return online && !suspended && participating && !robot; }
    [[nodiscard]] bool room() const noexcept { return load < cap; }
    bool operator==(const agent_report&) const = default;
};

class roster {
public:
    roster() = default;
    roster(const roster&) = delete; // the orders point into the map
    roster& operator=(const roster&) = delete;

    /// Takes a report; an account not seen before joins with `credit` (ignored later).
    void update(const agent_report& report, double credit = 0);
    [[nodiscard]] const agent_report* find(std::string_view account) const;

    /// Highest credit, then lowest load/cap, then longest idle, then account id, among avail ∧ room; null if none.
    [[nodiscard]] const agent_report* best() const;
    /// The same among these accounts.
    [[nodiscard]] const agent_report* best_of(const std::vector<std::string>& accounts) const;
    /// Lowest load/cap, ties as above, among avail, room or not (step 11's overload); null if none.
    [[nodiscard]] const agent_report* least_loaded() const;

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t online() const noexcept { return online_; }
    [[nodiscard]] std::size_t online_participating() const noexcept { return online_participating_; }
    [[nodiscard]] std::size_t available() const noexcept { return by_load_.size(); }
    /// How many avail agents have room.
    [[nodiscard]] std::size_t ready() const noexcept { return by_credit_.size(); }

    /// Charges the receiver of a buyer 1; if the buyer counts as new today, every avail agent gains 1/n first (R14).
    void charge(std::string_view account, bool counted);
    [[nodiscard]] double credit(std::string_view account) const;
    /// Virtual time: the sum of gains so far of an agent that was always avail.
    [[nodiscard]] double clock() const noexcept { return clock_; }
    void restore_clock(double clock) noexcept { clock_ = clock; }

private:
    struct entry {
        agent_report report;
        double base = 0; ///< while avail: clock − credit; else −credit as it stood
    };
    struct by_credit {
        bool operator()(const entry* a, const entry* b) const noexcept;
    };
    struct by_load {
        bool operator()(const entry* a, const entry* b) const noexcept;
    };

    void add_to_orders(entry& each);
    void take_from_orders(entry& each);
    [[nodiscard]] double credit_of(const entry& each) const noexcept;
    [[nodiscard]] entry* entry_of(std::string_view account);

    std::unordered_map<std::string, entry> entries_;
    std::set<const entry*, by_credit> by_credit_; // avail ∧ room
    std::set<const entry*, by_load> by_load_;     // avail
    std::size_t online_ = 0, online_participating_ = 0;
    double clock_ = 0;
};

} // namespace fenliu::routing
