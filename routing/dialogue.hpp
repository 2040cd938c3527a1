// What may be said and done in one conversation, decided from its state alone: lines with their ids, commands with their epoch.
// Nothing is changed here; an accepted step comes back as the record to journal and apply. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "protocol/error.hpp"
#include "routing/conversation.hpp"

namespace fenliu::routing {

/// The line was stored before, with the same words (invariants 4, 5).
struct repeated_line {
    std::uint64_t seq = 0;
};
using line_decision = std::variant<line_added, repeated_line, protocol::errc>;

/// A line this sender sent before with this id: `repeated_line`, or ID_REUSED when the words differ; else nothing to object.
[[nodiscard]] std::variant<std::monostate, repeated_line, protocol::errc>
check_repeat(const conversation& value, std::string_view from, std::string_view msg_id, std::string_view text);

/// A buyer's line. EXPIRED when the conversation is closed: a new one has to be opened.
[[nodiscard]] line_decision add_buyer_line(const conversation& value, std::string_view msg_id, std::string_view text,
                                           timestamp_ms now);

/// An agent's line. A repeat is answered whatever became of the conversation; else EXPIRED after the close, STALE_EPOCH for an
/// old epoch, FORBIDDEN for an account that isn't the owner (invariants 8, 9).
[[nodiscard]] line_decision add_agent_line(const conversation& value, std::string_view account, std::uint64_t epoch,
                                           std::string_view msg_id, std::string_view text, timestamp_ms now);

/// Whether this account may forward or close now: ok, EXPIRED, STALE_EPOCH or FORBIDDEN.
[[nodiscard]] protocol::errc check_command(const conversation& value, std::string_view account, std::uint64_t epoch);

/// Whether one more forward to this account keeps the chain short and without a loop: ok or FORWARD_REJECTED. A chain is a run
/// of forwards with no agent line in between.
[[nodiscard]] protocol::errc check_forward_chain(const conversation& value, std::string_view to);

} // namespace fenliu::routing
