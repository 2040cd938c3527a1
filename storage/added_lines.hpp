// The lines of one pass of the archive, each written as JSON when its record comes by, so that no transcript is kept of what
// only has to be appended. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "routing/record.hpp"

namespace fenliu::storage {

class added_lines {
public:
    /// Consecutive lines, at most limits::archive_part_lines: items of a JSON array, without its brackets.
    struct chunk {
        std::uint64_t lines = 0;
        std::string messages;
    };
    /// Those of one conversation.
    struct of_one {
        std::vector<chunk> chunks; ///< in order
        std::uint64_t buyer = 0, agent = 0, robot = 0;
        std::optional<routing::timestamp_ms> first_agent_at;
    };

    void add(const routing::line_added& line);
    /// Null for a conversation without.
    [[nodiscard]] const of_one* of(routing::conversation_number number) const;

private:
    std::unordered_map<routing::conversation_number, of_one> conversations_;
};

} // namespace fenliu::storage
