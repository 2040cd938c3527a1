// The outcome of a replay: figures, what went wrong in words, and both as JSON and as text for a newcomer. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "apps/fenliu/output.hpp"

namespace fenliu::apps::fenliu {

struct latency_figures {
    double p50 = 0, p99 = 0, max = 0; ///< milliseconds
};

struct replay_report {
    std::uint64_t buyer_messages = 0; ///< lines of the plan
    std::uint64_t stored = 0;         ///< lines with an ack
    std::uint64_t delivered = 0;      ///< lines shown to an agent, each once however often shown
    std::uint64_t duplicated = 0;     ///< surplus copies within one session, or in history
    std::uint64_t redelivered = 0;    ///< repeats after a session was lost
    std::uint64_t lost = 0;           ///< lines and replies missing somewhere, each once
    std::uint64_t out_of_order = 0;
    std::uint64_t conversations = 0;  ///< conversations of the file that were begun
    std::uint64_t owner_overlaps = 0; ///< moments with two owners, or with a wrong one
    std::uint64_t replies_published = 0;
    std::uint64_t replies_delivered = 0;
    std::map<std::string, std::uint64_t> assigned_by_reason;
    latency_figures latency_ms;                     ///< a buyer line from publish to its first agent
    std::map<std::string, std::uint64_t> per_agent; ///< account → conversations
    double seconds = 0;
    std::uint64_t bad_lines = 0;
    std::uint64_t reconnects = 0;      ///< sessions lost and made anew or resumed
    std::vector<std::string> findings; ///< what was seen, in words; the first few
    bool finished = false;             ///< every conversation of the plan was played to its end

    [[nodiscard]] double messages_per_s() const noexcept;
    /// Finished, and nothing lost, doubled, disordered or doubly owned.
    [[nodiscard]] bool good() const noexcept;
};

/// The nearest-rank figures of some latencies; sorts them.
[[nodiscard]] latency_figures latency_of(std::vector<double>& milliseconds);

/// The fields that a program reads, in this order; not the findings.
[[nodiscard]] json to_json(const replay_report& report);
/// The summary for people.
[[nodiscard]] std::string render(const replay_report& report);

} // namespace fenliu::apps::fenliu
