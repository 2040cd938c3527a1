// What the oracle knows of the broker's durable state: a fold of its own over the journal, kept small and apart from routing's.
// Each fact remembers its place in the log, so that one can ask whether it was on the disk. A value; rebuilt after a crash.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "routing/record.hpp"
#include "virtual_time.hpp"

namespace fenliu::simulation {

using routing::conversation_number;
using routing::conversation_state;

/// A place in the log.
using log_index = std::size_t;

struct model_line {
    log_index at = 0;
    routing::side side = routing::side::buyer;
    std::string from, msg_id, text;
};

struct model_place {
    log_index at = 0;
    timestamp_ms wall = 0;
    std::uint64_t epoch = 0;
    conversation_state state = conversation_state::fresh;
    std::string owner;
    routing::reason reason = routing::reason::none;
    bool forwarded = false;
};

struct model_conversation {
    conversation_number number = 0;
    std::string shop, buyer;
    conversation_state state = conversation_state::fresh;
    std::string owner;
    std::uint64_t epoch = 0;
    timestamp_ms waiting_since = 0;
    std::uint8_t wait_class = 0;
    std::vector<model_line> lines;
    std::vector<model_place> places;
    std::vector<routing::reason> causes; ///< of the newest place
    log_index closed_at = 0;             ///< 0: open
    timestamp_ms closed_wall = 0;
    std::string close_cause;

    [[nodiscard]] bool open() const noexcept { return state != conversation_state::closed; }
    /// In the line or the pool, be it with a robot meanwhile.
    [[nodiscard]] bool pooled() const noexcept {
        return state == conversation_state::pooled ||
               (state == conversation_state::robot && places.back().reason == routing::reason::robot_no_agent);
    }
    [[nodiscard]] bool waits() const noexcept { return state == conversation_state::queued || pooled(); }
    [[nodiscard]] bool was_owned_by(const std::string& account) const;
};

struct model_account {
    std::uint32_t cap = 0;
    bool participating = true, suspended = false, robot = false;
    protocol::presence presence = protocol::presence::offline;
};

struct model_buyer {
    conversation_number current = 0; ///< the open conversation; 0: none
    std::string recent;
    std::vector<std::pair<log_index, timestamp_ms>> prompts; ///< in the log, and by the wall clock
    bool has_crowds = false;
};

struct model_shop {
    std::map<std::string, model_account> accounts;
    std::map<std::string, model_buyer> buyers;
};

class model {
public:
    /// Applies the log's next record; false if it names what nobody made.
    bool apply(const routing::record& record);

    [[nodiscard]] model_conversation* find(conversation_number number);
    [[nodiscard]] std::uint32_t load(const std::string& shop, const std::string& account) const;
    [[nodiscard]] log_index records() const noexcept { return records_; }

    std::map<conversation_number, model_conversation> conversations;
    std::map<std::string, model_shop> shops;
    /// Where a shop's sender used a msg_id last.
    std::map<std::pair<std::string, std::string>, std::pair<conversation_number, std::uint64_t>> line_of;

private:
    bool add(const routing::shop_made& fact);
    bool add(const routing::account_set& fact);
    bool add(const routing::conversation_opened& fact);
    bool add(const routing::line_added& fact);
    bool add(const routing::place_changed& fact);
    bool add(const routing::conversation_closed& fact);
    bool add(const routing::buyer_set& fact);
    bool add(const routing::prompt_sent& fact);

    log_index records_ = 0;
};

} // namespace fenliu::simulation
