#include "storage/line_rows.hpp"

#include <algorithm>
#include <vector>

#include "protocol/limits.hpp"
#include "storage/archive_rows.hpp"
#include "storage/binding.hpp"

namespace fenliu::storage {

line_rows::line_rows(SQLite::Database& database)
    : before_{database, "SELECT first_seq, messages FROM conversation_part WHERE number = ? AND first_seq < ? "
                        "ORDER BY first_seq DESC LIMIT 1"} {}

std::optional<line_chunk> line_rows::before(routing::conversation_number number, std::uint64_t seq) {
    std::optional<line_chunk> found;
    bind_all(before_, number, seq);
    if (before_.executeStep()) found = line_chunk{unsigned_of(before_.getColumn(0)), before_.getColumn(1).getString()};
    before_.reset();
    return found;
}

void line_rows::load_last(routing::conversation& value, line_chunk newest) {
    const std::uint64_t last = value.transcript.last_seq();
    const std::uint64_t wanted = last + 1 - std::min<std::uint64_t>(last, limits::dedupe_lines);
    std::vector<line_chunk> chunks;
    chunks.push_back(std::move(newest));
    while (chunks.back().first_seq > wanted) {
        auto earlier = before(value.number, chunks.back().first_seq);
        if (!earlier) throw std::runtime_error{"lines of conversation " + routing::to_id(value.number) + " are missing"};
        chunks.push_back(std::move(*earlier));
    }
    if (value.last_agent_seq != 0 && value.last_agent_seq < chunks.back().first_seq) {
        const auto earlier = before(value.number, value.last_agent_seq + 1);
        if (earlier)
            read_lines(earlier->messages, earlier->first_seq, [&](const routing::line& line) {
                if (line.seq == value.last_agent_seq) value.last_agent_at = line.at;
            });
    }
    value.transcript = {};
    value.transcript.start_after(wanted - 1);
    for (auto chunk = chunks.rbegin(); chunk != chunks.rend(); ++chunk)
        read_lines(chunk->messages, chunk->first_seq, [&](const routing::line& line) {
            if (line.seq == value.last_agent_seq) value.last_agent_at = line.at;
            if (line.seq < wanted) return;
            value.transcript.append({value.number, line.seq, line.at, line.side, line.from, line.msg_id, line.text});
        });
}

} // namespace fenliu::storage
