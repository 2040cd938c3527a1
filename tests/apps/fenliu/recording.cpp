#include "tests/apps/fenliu/recording.hpp"

namespace fenliu::apps::fenliu {

void record(replay_file& file, const std::string& conversation, const std::string& buyer, const std::vector<scripted_line>& lines,
            protocol::timestamp_ms ts) {
    for (const auto& line : lines) {
        const bool agent = line.role == 'a';
        file.lines.push_back({file.lines.size() + 1, conversation, "demo", agent ? "amy" : buyer, line.text, ts, agent});
        ts += 1'000;
    }
}

replay_plan plan_of(const std::vector<scripted_line>& lines) {
    replay_file file;
    record(file, "c", "ann", lines);
    return make_replay_plan(file, {});
}

} // namespace fenliu::apps::fenliu
