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
    if (blocks_.empty() || blocks_.back().offsets.size() == block_lines) blocks_.emplace_back();
    auto& [bytes, offsets, id_hashes] = blocks_.back();
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
    id_hashes.push_back(hash_of(added.msg_id));
    bytes.append(reinterpret_cast<const char*>(&head), sizeof head).append(added.from).append(added.msg_id).append(added.text);
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
    const std::uint64_t last = last_seq(), beyond = std::max(dropped_, last - std::min<std::uint64_t>(last, limits::dedupe_lines));
    for (std::uint64_t seq = last; seq > beyond; --seq) {
        if (block_of(seq).id_hashes[index_of(seq)] != wanted) continue;
        if (const line found = read(seq); found.msg_id == msg_id && found.from == from) return found;
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
