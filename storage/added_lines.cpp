#include "storage/added_lines.hpp"

#include "protocol/limits.hpp"
#include "storage/archive_rows.hpp"

namespace fenliu::storage {

void added_lines::add(const routing::line_added& line) {
    auto& into = conversations_[line.number];
    if (into.chunks.empty() || into.chunks.back().lines == limits::archive_part_lines) {
        const std::size_t likely = into.chunks.empty() ? 0 : into.chunks.back().messages.size();
        into.chunks.emplace_back().messages.reserve(likely + likely / 8); // lines are about as long as those before
    }
    auto& [lines, messages] = into.chunks.back();
    if (lines++ > 0) messages += ',';
    append_line(messages, line);
    into.buyer += line.side == routing::side::buyer;
    into.agent += line.side == routing::side::agent;
    into.robot += line.side == routing::side::robot;
    if (line.side == routing::side::agent && !into.first_agent_at) into.first_agent_at = line.at;
}

const added_lines::of_one* added_lines::of(routing::conversation_number number) const {
    const auto found = conversations_.find(number);
    return found == conversations_.end() ? nullptr : &found->second;
}

} // namespace fenliu::storage
