// What the oracles stand on together: the model of the log, how far it is on the disk, which clients the lanes take for present,
// what clients said. Filled by the world; one thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "client_book.hpp"
#include "model.hpp"
#include "scenario.hpp"
#include "situations.hpp"
#include "transport/link.hpp"
#include "verdict.hpp"

namespace fenliu::simulation {

inline constexpr timestamp_ms long_ago = -1'000'000'000;

/// An account's client as its lane knows it.
struct attendance {
    transport::link_id link = 0;
    bool connected = false;
    bool said_online = false;                    ///< its last word in this session is not `offline`
    bool was_online = false, was_offline = true; ///< at some moment of what the lane handles now
    timestamp_ms lost_steady = long_ago;         ///< since when it is not online any more without having said so
    [[nodiscard]] bool online() const noexcept { return connected && said_online; }
    void note_moment() noexcept {
        was_online = was_online || online();
        was_offline = was_offline || !online();
    }
};

struct ground {
    ground(const scenario& plan_of_run, const virtual_time& clocks)
        : plan{plan_of_run}
        , time{clocks} {}

    const scenario& plan;
    const virtual_time& time;
    verdict judged;
    situation_counts reached;
    model known;
    log_index synced = 0;
    client_book book;
    std::map<std::string, attendance> present;         ///< by account
    timestamp_ms started_steady = 0, started_wall = 0; ///< of this process
    std::uint64_t restarts = 0;
    std::map<std::string, timestamp_ms> shortest_grace; ///< by shop, of all policies so far: a timer keeps what it was armed with
    bool settling = false;                              ///< no more faults: the run comes to its end
    std::function<const routing::policy&(const std::string& shop)> policy; ///< in force

    [[nodiscard]] bool on_disk(log_index at) const noexcept { return at < synced; }
};

[[nodiscard]] inline std::string conversation_text(conversation_number number) { return routing::to_id(number); }

} // namespace fenliu::simulation
