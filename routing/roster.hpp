// A shop's agents as they last reported, ordered for choosing: the dispatcher's view. It only orders candidates; the award asks
// the agent itself (reserve), so an old report can delay an assignment but never break a rule. Also keeps the credits of the
// pick (R14, R18, R33). Agents of the same groups and weight form a cohort, whose order no gain changes; a choice compares the
// first of each cohort, so it and every change cost O(log agents) times the cohorts of a group. Pure; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routing/compiled_policy.hpp"
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
    bool on_shift = true;        ///< its rota has it on duty (R30)

    /// avail of domain.md: online ∧ ¬suspended ∧ participating ∧ on shift; robots are no agents to routing.
    [[nodiscard]] bool available() const noexcept { return online && !suspended && participating && on_shift && !robot; }
    [[nodiscard]] bool room() const noexcept { return load < cap; }
    bool operator==(const agent_report&) const = default;
};

[[nodiscard]] failing first_failing(const agent_report& report) noexcept;

/// The whole of a roster, from which another one goes on in the same way.
struct roster_note {
    struct agent {
        agent_report report;
        double credit = 0;
    };
    double clock = 0;
    std::vector<agent> agents;                                    ///< by account
    std::vector<std::pair<std::string, std::string>> last_chosen; ///< group and account, for round_robin
};

class roster {
public:
    /// Without groups, every weight 1.
    roster();
    ~roster();
    roster(const roster&) = delete; // the orders point into the map
    roster& operator=(const roster&) = delete;

    /// Groups, weights, strategies and overwork from now on; credits stay. O(agents).
    void set_policy(std::shared_ptr<const compiled_policy> policy);
    [[nodiscard]] roster_note note() const;
    /// Stands as the noted one, under the policy in force; whoever restores the same note goes on in the same way. O(agents).
    void restore(const roster_note& from);
    /// Takes a report; an account not seen before joins with `credit` (ignored later).
    void update(const agent_report& report, double credit = 0);
    [[nodiscard]] const agent_report* find(std::string_view account) const;

    /// A candidate set: a group's members, or with nothing the whole shop.
    using candidates = std::optional<group_index>;
    /// The pick among avail ∧ room: by credit (then lowest load/cap, longest idle, account id), overworked agents last; for a
    /// group by its strategy. Null if there is none.
    [[nodiscard]] const agent_report* best(candidates among = {}) const;
    /// The first of the candidates by credit, best first, with their credits.
    struct candidate {
        const agent_report* report;
        double credit;
    };
    [[nodiscard]] std::vector<candidate> best_few(std::size_t most, candidates among = {}) const;
    /// The best of the whole shop but for this account.
    [[nodiscard]] const agent_report* best_besides(std::string_view account) const;
    /// Lowest load/cap, then credit, idle, account id, among avail, room or not (steps 7, 11); null if there is none.
    [[nodiscard]] const agent_report* least_loaded(candidates among = {}) const;

    /// The robot with the lowest load/cap that is online, not suspended and has room; null if there is none.
    [[nodiscard]] const agent_report* robot() const;

    [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
    [[nodiscard]] std::size_t online() const noexcept { return online_; }
    [[nodiscard]] std::size_t online_participating() const noexcept { return online_participating_; }
    [[nodiscard]] std::size_t available() const noexcept { return available_; }
    /// How many avail agents have room.
    [[nodiscard]] std::size_t ready() const noexcept { return ready_; }
    [[nodiscard]] failing_counts count_failing(candidates among = {}) const;

    /// Charges the receiver of a buyer 1; if the buyer counts as new today, every avail agent of the candidate set gains
    /// weight/Σweight first (R14).
    void charge(std::string_view account, bool counted, candidates among = {});
    [[nodiscard]] double credit(std::string_view account) const;
    /// Virtual time: the sum of gains per weight so far of an agent that was always avail, the shop as a whole being the
    /// candidate set.
    [[nodiscard]] double clock() const noexcept { return clock_; }
    void restore_clock(double clock) noexcept { clock_ = clock; }

private:
    struct cohort;
    struct entry {
        agent_report report;
        roster::cohort* cohort = nullptr;
        double base = 0;         ///< while avail: weight × the cohort's clock − credit; else −credit as it stood
        bool overworked = false; ///< R33; as it was when it was put in order
    };
    struct by_credit {
        bool operator()(const entry* a, const entry* b) const noexcept;
    };
    struct by_load {
        bool operator()(const entry* a, const entry* b) const noexcept;
    };
    struct by_idle {
        bool operator()(const entry* a, const entry* b) const noexcept;
    };
    struct by_account {
        bool operator()(const entry* a, const entry* b) const noexcept;
    };

    void clear_cohorts();
    [[nodiscard]] cohort& cohort_of(std::string_view account);
    [[nodiscard]] const std::vector<cohort*>& cohorts_of(candidates among) const;
    [[nodiscard]] bool overworked(const agent_report& report) const noexcept;
    [[nodiscard]] double credit_of(const entry& each) const noexcept;
    void add_to_orders(entry& each);
    void take_from_orders(entry& each);
    [[nodiscard]] bool better(const entry* a, const entry* b) const noexcept; ///< by credit, between cohorts too
    [[nodiscard]] const entry* best_by_credit(candidates among) const;
    [[nodiscard]] const entry* next_in_turn(group_index group) const;
    template <class Order, class Better>
    [[nodiscard]] const entry* first_of(candidates among, Order order, Better better) const;

    std::shared_ptr<const compiled_policy> policy_; ///< may be null
    std::unordered_map<std::string, entry> entries_;
    std::map<std::pair<std::vector<group_index>, double>, std::unique_ptr<cohort>> cohorts_;
    std::vector<cohort*> all_;                   ///< every cohort
    std::vector<std::vector<cohort*>> by_group_; ///< those of each group's members
    std::vector<std::string> last_chosen_;       ///< of each group, for round_robin
    std::set<const entry*, by_load> robots_;     // that may answer
    std::size_t online_ = 0, online_participating_ = 0, available_ = 0, ready_ = 0;
    double clock_ = 0;
};

} // namespace fenliu::routing
