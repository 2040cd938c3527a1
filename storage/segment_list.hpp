// The segments of the log that are in use, oldest first. The writer adds, the archivist drops, both look up: every call may come
// from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fenliu::storage {

struct segment {
    std::uint64_t index = 0;
    std::uint64_t first_position = 0; ///< of the byte after its header
    std::uint32_t chain = 0;          ///< that its first frame continues
    std::filesystem::path path;
};

/// A segment and where it ends: where the next one starts, or nothing for the one being written.
struct segment_range {
    segment where;
    std::optional<std::uint64_t> end;
};

class segment_list {
public:
    void add(segment value);
    /// The segment that holds the byte at `position`. Where two start at one position the newer one holds it.
    [[nodiscard]] std::optional<segment_range> find(std::uint64_t position) const;
    /// Nothing is taken out while somebody holds them.
    void hold();
    void let_go();
    /// Takes out and returns those that end at or below `over`, and the oldest of those that end at or below `archived` as long
    /// as more than `most` are there besides the newest; never the newest. Nothing while they are held.
    [[nodiscard]] std::optional<std::vector<segment>> take_below(std::uint64_t over, std::uint64_t archived, std::size_t most);
    /// The position where the newest starts; 0 without any.
    [[nodiscard]] std::uint64_t newest_position() const;
    /// The position where the oldest starts; 0 without any.
    [[nodiscard]] std::uint64_t first_position() const;

private:
    mutable std::mutex mutex_;
    std::vector<segment> segments_; // by index, and so by first_position
    int holders_ = 0;
};

/// `0000000000000001.log` and back; nothing for other names.
[[nodiscard]] std::string segment_name(std::uint64_t index);
[[nodiscard]] std::optional<std::uint64_t> segment_index(std::string_view name);

} // namespace fenliu::storage
