// The lines of one conversation, kept compactly: one block of bytes and an offset a line (about 40 bytes above the texts
// for each line). Answers what was said, in order, and whether a message id was seen before (invariants 1, 2, 4). Pure; one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routing/record.hpp"

namespace fenliu::routing {

/// One line; the views live until the transcript changes.
struct line {
    std::uint64_t seq = 0;
    timestamp_ms at = 0;
    routing::side side = routing::side::buyer;
    std::string_view from, msg_id, text;
};

class transcript {
public:
    /// Appends the line with seq = last_seq() + 1.
    void append(const line_added& added);
    /// The line with that seq, if it is still held.
    [[nodiscard]] std::optional<line> at(std::uint64_t seq) const;
    /// The line that this sender sent with this id, among the last `limits::dedupe_lines`.
    [[nodiscard]] std::optional<line> find(std::string_view from, std::string_view msg_id) const;

    [[nodiscard]] std::uint64_t last_seq() const noexcept { return dropped_ + offsets_.size(); }
    /// The seq of the oldest line held; last_seq() + 1 when none is.
    [[nodiscard]] std::uint64_t first_held() const noexcept { return dropped_ + 1; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.size(); }
    [[nodiscard]] bool empty() const noexcept { return last_seq() == 0; }
    /// Forgets lines below `seq` (they are in the archive), and gives their memory back.
    void drop_below(std::uint64_t seq);
    /// For a conversation read back from the archive: the next line appended gets seq `dropped + 1`.
    void start_after(std::uint64_t dropped) { dropped_ = dropped; }

private:
    [[nodiscard]] line read(std::size_t index) const;

    std::string bytes_;
    std::vector<std::uint32_t> offsets_;
    std::vector<std::uint32_t> id_hashes_;
    std::uint64_t dropped_ = 0;
};

} // namespace fenliu::routing
