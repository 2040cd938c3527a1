#include "routing/transcript.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <functional>

#include "protocol/limits.hpp"

namespace fenliu::routing {
namespace {

// A line in the block: at, then the lengths, then the three strings. Sizes fit: limits::string_bytes < 2^16.
struct header {
    timestamp_ms at;
    std::uint16_t text, from;
    std::uint8_t msg_id, side;
};

std::uint32_t hash_of(std::string_view msg_id) noexcept {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(msg_id));
}

} // namespace

void transcript::append(const line_added& added) {
    assert(added.seq == last_seq() + 1);
    const header head{added.at, static_cast<std::uint16_t>(added.text.size()), static_cast<std::uint16_t>(added.from.size()),
                      static_cast<std::uint8_t>(added.msg_id.size()), static_cast<std::uint8_t>(added.side)};
    if (blocks_.empty() || blocks_.back().offsets.size() == block_lines) begin_block();
    auto& [bytes, offsets, id_hashes] = blocks_.back();
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
    id_hashes.push_back(hash_of(added.msg_id));
    bytes.append(reinterpret_cast<const char*>(&head), sizeof head).append(added.from).append(added.msg_id).append(added.text);
    if (ids_) {
        ids_->add(id_hashes.back());
    } else if (id_hashes.size() == block_lines) {
        ids_ = std::make_unique<id_filter>();
        std::ranges::for_each(id_hashes, [this](std::uint32_t each) { ids_->add(each); });
    }
}

void transcript::id_filter::add(std::uint32_t hash) noexcept {
    if (in_recent_ == filter_lines) {
        for (auto& each : words_)
            each = {0, each.recent};
        in_recent_ = 0;
    }
    words_[word_of(hash)].recent |= bits_of(hash);
    ++in_recent_;
}

void transcript::begin_block() {
    const std::size_t likely = blocks_.empty() ? 0 : blocks_.back().bytes.size();
    auto& made = blocks_.emplace_back();
    if (likely == 0) return;
    made.bytes.reserve(likely + likely / 8); // lines are about as long as those before
    made.offsets.reserve(block_lines);
    made.id_hashes.reserve(block_lines);
}

bool transcript::has(const block& among, std::uint32_t id_hash) noexcept {
    // Without a way out of the loop, so that it is compiled to a comparison of several at once.
    std::uint32_t found = 0;
    for (const std::uint32_t each : among.id_hashes)
        found |= each == id_hash ? 1U : 0U;
    return found != 0;
}

line transcript::read(std::uint64_t seq) const {
    const block& from_block = block_of(seq);
    header head;
    const char* at = from_block.bytes.data() + from_block.offsets[index_of(seq)];
    std::memcpy(&head, at, sizeof head);
    at += sizeof head;
    const std::string_view from{at, head.from}, msg_id{at + head.from, head.msg_id},
        text{at + head.from + head.msg_id, head.text};
    return {seq, head.at, static_cast<routing::side>(head.side), from, msg_id, text};
}

std::optional<line> transcript::at(std::uint64_t seq) const {
    if (seq < first_held() || seq > last_seq()) return std::nullopt;
    return read(seq);
}

std::optional<line> transcript::find(std::string_view from, std::string_view msg_id) const {
    const std::uint32_t wanted = hash_of(msg_id);
    if (ids_ && !ids_->may_have(wanted)) return std::nullopt;
    const std::uint64_t last = last_seq(),
                        beyond = std::max(dropped_, last - std::min<std::uint64_t>(last, limits::dedupe_lines));
    for (std::uint64_t end = last; end > beyond;) { // block by block, the newest first
        const std::uint64_t begin = std::max(beyond, end - 1 - index_of(end));
        if (has(block_of(end), wanted))
            for (std::uint64_t seq = end; seq > begin; --seq) {
                if (block_of(seq).id_hashes[index_of(seq)] != wanted) continue;
                if (const line found = read(seq); found.msg_id == msg_id && found.from == from) return found;
            }
        end = begin;
    }
    return std::nullopt;
}

void transcript::drop_below(std::uint64_t seq) {
    if (seq <= first_held()) return;
    dropped_ = std::min(seq, last_seq() + 1) - 1;
    const auto whole = static_cast<std::ptrdiff_t>((dropped_ - base_) / block_lines);
    blocks_.erase(blocks_.begin(), blocks_.begin() + whole);
    base_ += static_cast<std::uint64_t>(whole) * block_lines;
}

} // namespace fenliu::routing
