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
    offsets_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    id_hashes_.push_back(hash_of(added.msg_id));
    bytes_.append(reinterpret_cast<const char*>(&head), sizeof head).append(added.from).append(added.msg_id).append(added.text);
}

line transcript::read(std::size_t index) const {
    header head;
    const char* at = bytes_.data() + offsets_[index];
    std::memcpy(&head, at, sizeof head);
    at += sizeof head;
    const std::string_view from{at, head.from}, msg_id{at + head.from, head.msg_id},
        text{at + head.from + head.msg_id, head.text};
    return {dropped_ + index + 1, head.at, static_cast<routing::side>(head.side), from, msg_id, text};
}

std::optional<line> transcript::at(std::uint64_t seq) const {
    if (seq < first_held() || seq > last_seq()) return std::nullopt;
    return read(seq - dropped_ - 1);
}

std::optional<line> transcript::find(std::string_view from, std::string_view msg_id) const {
    const std::uint32_t wanted = hash_of(msg_id);
    const std::size_t oldest = id_hashes_.size() - std::min(id_hashes_.size(), limits::dedupe_lines);
    for (std::size_t i = id_hashes_.size(); i > oldest; --i) {
        if (id_hashes_[i - 1] != wanted) continue;
        if (const line found = read(i - 1); found.msg_id == msg_id && found.from == from) return found;
    }
    return std::nullopt;
}

void transcript::drop_below(std::uint64_t seq) {
    if (seq <= first_held()) return;
    const auto count = static_cast<std::ptrdiff_t>(std::min(seq, last_seq() + 1) - first_held());
    const std::uint32_t cut = static_cast<std::size_t>(count) < offsets_.size() ? offsets_[static_cast<std::size_t>(count)]
                                                                                : static_cast<std::uint32_t>(bytes_.size());
    bytes_.erase(0, cut);
    offsets_.erase(offsets_.begin(), offsets_.begin() + count);
    id_hashes_.erase(id_hashes_.begin(), id_hashes_.begin() + count);
    for (auto& offset : offsets_)
        offset -= cut;
    dropped_ += static_cast<std::uint64_t>(count);
    if (bytes_.size() < bytes_.capacity() / 2) {
        bytes_.shrink_to_fit();
        offsets_.shrink_to_fit();
        id_hashes_.shrink_to_fit();
    }
}

} // namespace fenliu::routing
