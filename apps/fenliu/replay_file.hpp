// A recording of conversations: NDJSON lines `{conversation, shop, ts, role, from, text}`. A line that cannot be used is named by
// its number and left out, the rest goes on. Pure; read once by `fenliu replay`.
#pragma once

#include <cstddef>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/message.hpp"

namespace fenliu::apps::fenliu {

struct recorded_line {
    std::size_t number = 0; ///< in the file, from 1
    std::string conversation, shop, from, text;
    protocol::timestamp_ms ts = 0;
    bool agent = false; ///< role: agent, else buyer
};

struct bad_line {
    std::size_t number = 0;
    std::string what;
};

struct replay_file {
    std::vector<recorded_line> lines; ///< in file order
    std::vector<bad_line> bad;
};

/// Blank lines are skipped. Limits of ids and texts are those of the wire contract.
[[nodiscard]] replay_file read_replay_file(std::istream& input);

} // namespace fenliu::apps::fenliu
