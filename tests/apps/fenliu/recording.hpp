// Small recordings for the tests of the replay.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "apps/fenliu/replay_plan.hpp"

namespace fenliu::apps::fenliu {

/// `b` or `a`, and the text.
struct scripted_line {
    char role;
    std::string text;
};

/// Appends a conversation of one buyer; times count up from `ts`, a second a line.
void record(replay_file& file, const std::string& conversation, const std::string& buyer, const std::vector<scripted_line>& lines,
            protocol::timestamp_ms ts = 1'000);

/// A plan in shop `demo` of one conversation `c` of buyer `ann`.
[[nodiscard]] replay_plan plan_of(const std::vector<scripted_line>& lines);

} // namespace fenliu::apps::fenliu
