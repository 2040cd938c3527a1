// The lines of one conversation, kept compactly in blocks: bytes and an offset a line (about 40 bytes above the texts for each
// line). However many there are, to add one or to drop some takes no longer than a block. Answers what was said, in order, and
// whether a message id was seen before (invariants 1, 2, 4). Pure; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/limits.hpp"
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

    [[nodiscard]] std::uint64_t last_seq() const noexcept {
        return blocks_.empty() ? base_ : base_ + (blocks_.size() - 1) * block_lines + blocks_.back().offsets.size();
    }
    /// The seq of the oldest line held; last_seq() + 1 when none is.
    [[nodiscard]] std::uint64_t first_held() const noexcept { return dropped_ + 1; }
    [[nodiscard]] bool empty() const noexcept { return last_seq() == 0; }
    /// Forgets lines below `seq` (they are in the archive); whole blocks of them give their memory back.
    void drop_below(std::uint64_t seq);
    /// For a conversation read back from the archive: the next line appended gets seq `dropped + 1`.
    void start_after(std::uint64_t dropped) { base_ = dropped_ = dropped; }

private:
    static constexpr std::size_t block_lines = 128;
    static constexpr std::size_t filter_lines = limits::dedupe_lines;
    /// Whether an id may be among the newest lines, at least as many as dedupe looks at, by two words of memory that stand
    /// together: an id that is new, as almost all are, need not be looked for in the blocks. Four bits each of 16 a line; of ids
    /// that are not there about 1 in 100 have them all.
    class id_filter {
    public:
        void add(std::uint32_t hash) noexcept;
        [[nodiscard]] bool may_have(std::uint32_t hash) const noexcept {
            const auto& [recent, older] = words_[word_of(hash)];
            return (recent & bits_of(hash)) == bits_of(hash) || (older & bits_of(hash)) == bits_of(hash);
        }

    private:
        struct word {
            std::uint64_t recent = 0, older = 0;
        };
        static std::uint64_t bit_of(std::uint32_t hash) noexcept { return std::uint64_t{1} << hash % 64; }
        static std::size_t word_of(std::uint32_t hash) noexcept { return (hash >> 12) % (16 * filter_lines / 64); }
        static std::uint64_t bits_of(std::uint32_t hash) noexcept {
            return bit_of(hash) | bit_of(hash >> 6) | bit_of(hash >> 20) | bit_of(hash >> 26);
        }

        std::array<word, 16 * filter_lines / 64> words_{};
        std::size_t in_recent_ = 0; // lines
    };
    struct block {
        std::string bytes;
        std::vector<std::uint32_t> offsets, id_hashes;
    };
    [[nodiscard]] static bool has(const block& among, std::uint32_t id_hash) noexcept;

    void begin_block();
    [[nodiscard]] line read(std::uint64_t seq) const;
    [[nodiscard]] const block& block_of(std::uint64_t seq) const { return blocks_[(seq - base_ - 1) / block_lines]; }
    [[nodiscard]] std::size_t index_of(std::uint64_t seq) const noexcept { return (seq - base_ - 1) % block_lines; }

    std::vector<block> blocks_;      // all full but the last
    std::unique_ptr<id_filter> ids_; // from the first full block on
    std::uint64_t base_ = 0;         // seq before the first block's
    std::uint64_t dropped_ = 0;      // at least base_
};

} // namespace fenliu::routing
