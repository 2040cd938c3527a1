// What a shop remembers of a buyer between conversations: the passive record from which a session starts. A fold over the
// journal, kept in the shop's directory; it is no actor.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routing/record.hpp"

namespace fenliu::routing {

struct crowd {
    std::string id;
    timestamp_ms since = 0;
    timestamp_ms until = 0; ///< the buyer left it then; 0: is in it. Both count for priority from the next day (R21)
};

/// Facts that most buyers don't have; absent for them.
struct buyer_traits {
    bool member = false;
    bool private_contact = false;
    std::string dedicated;
    std::vector<std::string> tags;
    std::vector<crowd> crowds;
    std::string order;                                  ///< the last order an event came of; empty: none
    std::optional<protocol::order_status> order_status; ///< of it (step 6)
};

struct buyer {
    std::string recent_account; ///< the recent contact (R13); empty: none
    timestamp_ms recent_at = 0;
    timestamp_ms last_prompt = 0;      ///< 0: never (R25)
    timestamp_ms last_session_end = 0; ///< 0: no conversation ended yet
    timestamp_ms last_counted = 0;     ///< last time this buyer counted as a new one for fairness (R14); 0: never
    bool recent_by_forward = false;
    std::uint32_t conversations = 0;           ///< opened so far
    conversation_number last_conversation = 0; ///< the newest one, open or closed; 0: none yet
    std::unique_ptr<buyer_traits> traits;
};

/// Whether nothing that is kept of the buyer is younger than `before`. Whoever is given traits is remembered for their sake.
[[nodiscard]] bool quiet_since(const buyer& value, timestamp_ms before) noexcept;

void apply(buyer& value, const conversation_opened& fact);
/// An agent's own line makes it the recent contact (R13); a robot's doesn't.
void apply(buyer& value, const line_added& fact);
void apply(buyer& value, const place_changed& fact);
void apply(buyer& value, const conversation_closed& fact);
void apply(buyer& value, const buyer_set& fact);
void apply(buyer& value, const prompt_sent& fact);
void apply(buyer& value, const order_changed& fact);

} // namespace fenliu::routing
