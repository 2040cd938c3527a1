// What a replay will do, made from a recording before anything is sent: who publishes which lines in which order, what is
// answered, which shops and buyers take part. Pure values; read-only while the replay runs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fenliu/replay_file.hpp"

namespace fenliu::apps::fenliu {

/// One answer that an agent gives to a buyer line.
struct planned_reply {
    std::size_t index = 0; ///< unique in the plan, dense from 0
    std::string text;
    protocol::timestamp_ms ts = 0;
};

struct planned_line {
    std::size_t index = 0;  ///< unique in the plan, dense from 0
    std::size_t number = 0; ///< in the file
    std::string text;
    protocol::timestamp_ms ts = 0;
    std::vector<planned_reply> replies; ///< at least one
};

struct planned_conversation {
    std::string name; ///< in the file
    std::string shop, buyer;
    std::vector<planned_line> lines; ///< by time; lines of one moment in file order
    /// The conversation of the same buyer that has to be over first.
    std::optional<std::size_t> after;
};

struct replay_plan {
    std::vector<planned_conversation> conversations; ///< by the time of their first line
    std::vector<std::string> shops;                  ///< in order of name, each once
    std::size_t lines = 0, replies = 0;
    protocol::timestamp_ms first_ts = 0;
    std::vector<bad_line> unplayed; ///< lines that fit into no conversation
};

/// `one_shop`: every conversation goes there; nothing: each to the shop it names.
[[nodiscard]] replay_plan make_replay_plan(const replay_file& file, const std::optional<std::string>& one_shop);

/// A shop id made from any name: what an id must not hold becomes `-`, what is too long is cut.
[[nodiscard]] std::string legal_shop(std::string_view name);

} // namespace fenliu::apps::fenliu
