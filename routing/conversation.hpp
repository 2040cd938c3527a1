// One conversation's durable state (domain.md's session) as a fold over its records. Owned by its buyer_session actor while it
// is open; start-up and the archive build the same value from the journal. Applying never fails and never decides.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "routing/record.hpp"
#include "routing/transcript.hpp"

namespace fenliu::routing {

/// One entry of a conversation's history of places, for `explain` and the measures.
struct place {
    std::uint64_t epoch = 0;
    timestamp_ms at = 0;
    conversation_state state = conversation_state::fresh;
    std::string owner;
    routing::reason reason = routing::reason::none;
    routing::causes causes;
    bool forwarded = false;
    std::string by, note;
};

struct annotation {
    timestamp_ms at = 0;
    std::string by, request_id, flag, text;
};

/// What the last decision about a buyer's message read of it besides its words, and made of it.
struct asked_for {
    std::string clicked_group, product;
    std::string group; ///< whose members were the candidates
    bool emergency = false;
    bool operator==(const asked_for&) const = default;
};

struct conversation {
    conversation_number number = 0;
    std::string shop, buyer;
    timestamp_ms opened_at = 0;
    timestamp_ms closed_at = 0; ///< 0 while open
    conversation_state state = conversation_state::fresh;
    std::uint64_t epoch = 0; ///< 0 until the first owner
    std::string owner;       ///< account; empty unless assigned or robot
    bool returning = false;
    bool owner_spoke = false; ///< the last line is an agent's or a robot's
    std::uint8_t wait_class = 0;
    std::uint8_t score = 0; ///< rating 1–5; 0: none
    timestamp_ms waiting_since = 0;
    timestamp_ms last_line_at = 0;
    std::uint64_t last_agent_seq = 0; ///< seq of the last agent line; 0: none
    timestamp_ms last_agent_at = 0;   ///< when that was said, where the lines are known
    std::string close_cause, lang;
    std::vector<std::string> tags;
    std::vector<place> places; ///< oldest first
    std::vector<annotation> notes;
    std::unique_ptr<asked_for> asked; ///< absent for most
    routing::transcript transcript;

    [[nodiscard]] bool open() const noexcept { return state != conversation_state::closed; }
    /// Whether the account was ever an owner (R10: a sub reads whole conversations it ever owned).
    [[nodiscard]] bool owned_by(std::string_view account) const noexcept;
    /// Since when its buyer waits for a person, should it begin to wait now: who lost an agent keeps the age of its queue.
    [[nodiscard]] timestamp_ms queue_age_from(timestamp_ms now) const noexcept;
};

void apply(conversation& value, const conversation_opened& fact);
void apply(conversation& value, const line_added& fact);
/// The same for who keeps the lines elsewhere: the transcript, which holds none, counts on.
void apply_counting(conversation& value, const line_added& fact);
void apply(conversation& value, const place_changed& fact);
void apply(conversation& value, const decision_made& fact);
void apply(conversation& value, const conversation_closed& fact);
void apply(conversation& value, const note_added& fact);
void apply(conversation& value, const conversation_rated& fact);

} // namespace fenliu::routing
