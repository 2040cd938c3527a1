#include "storage/journal_recovery.hpp"

#include <algorithm>
#include <map>

#include "protocol/limits.hpp"
#include "storage/journal_cursor.hpp"
#include "storage/journal_format.hpp"
#include "storage/segment_reader.hpp"

namespace fenliu::storage {
namespace {

namespace format = journal_format;

/// All of a file from `offset` on.
result<std::string> read_rest(file_system& files, const std::filesystem::path& path, std::uint64_t offset) {
    auto opened = files.open(path, file_system::mode::read);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    auto& source = *std::get<0>(opened);
    auto size = source.size();
    if (auto* failure = std::get_if<protocol::failure>(&size)) return std::move(*failure);
    std::string bytes(std::get<0>(size) - std::min(offset, std::get<0>(size)), '\0');
    auto got = source.read(offset, bytes.data(), bytes.size());
    if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
    bytes.resize(std::get<0>(got));
    return bytes;
}

/// Reads a segment that another one follows: it has to hold every frame up to where that one starts.
outcome check_whole(file_system& files, const segment& where, const segment& next) {
    auto opened = segment_reader::open(files, where);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    auto& reader = *std::get<0>(opened);
    while (reader.position() < next.first_position) {
        auto read = reader.next();
        if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
        if (std::get<0>(read).what == frame::kind::none)
            return damaged(where.path, reader.offset(), "it breaks off before " + next.path.filename().string() + " begins");
    }
    if (reader.position() != next.first_position || reader.chain() != next.chain)
        return damaged(next.path, 0, "it does not continue " + where.path.filename().string());
    return {};
}

/// The newest segment has the size it was made with: what a cut took with it could be groups with all that vouched for them.
outcome check_size(file_system& files, const segment& newest) {
    auto opened = files.open(newest.path, file_system::mode::read);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    std::string bytes(format::header_bytes, '\0');
    auto got = std::get<0>(opened)->read(0, bytes.data(), bytes.size());
    if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
    auto size = std::get<0>(opened)->size();
    if (auto* failure = std::get_if<protocol::failure>(&size)) return std::move(*failure);
    format::segment_header header;
    if (format::read_header(bytes, header) == format::header_state::valid && std::get<0>(size) < header.file_bytes)
        return damaged(newest.path, std::get<0>(size),
                       "the file is cut off, it had " + std::to_string(header.file_bytes) + " bytes");
    return {};
}

/// Finds the end of the newest segment.
outcome read_newest(file_system& files, recovered_journal& found) {
    const segment& newest = found.segments.back();
    if (auto failure = check_size(files, newest)) return failure;
    auto opened = segment_reader::open(files, newest);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    auto& reader = *std::get<0>(opened);
    found.end = found.vouched = newest.first_position;
    found.chain = newest.chain;
    found.chain_at_end = newest.chain;
    std::uint64_t offset_at_end = reader.offset(), vouched_offset = offset_at_end;
    bool record_since_end = false, record_in_tail = false;
    for (;;) {
        auto read = reader.next();
        if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
        const frame& each = std::get<0>(read);
        if (each.what == frame::kind::none) break;
        if (each.what == frame::kind::record) {
            record_since_end = true;
            continue;
        }
        if (each.group_start != found.end)
            return damaged(newest.path, reader.offset(), "a group does not begin where the last one ends");
        found.vouched = found.end;
        found.chain = found.chain_at_end;
        vouched_offset = offset_at_end;
        record_in_tail = record_since_end;
        found.end = reader.position();
        found.chain_at_end = reader.chain();
        offset_at_end = reader.offset();
        record_since_end = false;
    }
    if (auto failure = check_nothing_lost(files, newest.path, offset_at_end)) return failure;
    if (!record_in_tail) {
        found.end = found.vouched; // a mark alone, as a clean stop leaves it
        found.chain_at_end = found.chain;
        return {};
    }
    auto tail = read_rest(files, newest.path, vouched_offset);
    if (auto* failure = std::get_if<protocol::failure>(&tail)) return std::move(*failure);
    found.tail = std::get<0>(std::move(tail));
    found.tail.resize(offset_at_end - vouched_offset);
    return {};
}

/// Sorts the files into segments in use and leftovers.
outcome read_headers(file_system& files, const std::filesystem::path& directory, recovered_journal& found) {
    auto listed = files.list(directory);
    if (auto* failure = std::get_if<protocol::failure>(&listed)) return std::move(*failure);
    std::map<std::uint64_t, std::filesystem::path> by_index;
    for (const auto& name : std::get<0>(listed))
        if (const auto index = segment_index(name)) by_index.emplace(*index, directory / name);
    for (const auto& [index, path] : by_index) {
        found.next_index = index + 1;
        auto opened = files.open(path, file_system::mode::read);
        if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
        std::string bytes(format::header_bytes, '\0');
        auto got = std::get<0>(opened)->read(0, bytes.data(), bytes.size());
        if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
        format::segment_header header;
        switch (format::read_header(std::string_view{bytes}.substr(0, std::get<0>(got)), header)) {
        case format::header_state::valid:
            if (!found.leftover.empty())
                return damaged(found.leftover.back(), 0,
                               "its header is missing although " + path.filename().string() + " follows");
            if (header.index != index ||
                (!found.segments.empty() && header.first_position < found.segments.back().first_position))
                return damaged(path, 0, "the file is not the segment that its name says");
            found.segments.push_back({index, header.first_position, header.chain, path});
            break;
        case format::header_state::newer:
            return protocol::failure{protocol::errc::storage_failed,
                                     path.string() + " was written by a newer version of fenliu; start that version"};
        case format::header_state::unused:
        case format::header_state::broken:
            if (auto failure = check_nothing_lost(files, path, 0)) return failure;
            found.leftover.push_back(path);
        }
    }
    return {};
}

} // namespace

outcome check_nothing_lost(file_system& files, const std::filesystem::path& path, std::uint64_t lost_from) {
    auto opened = files.open(path, file_system::mode::read);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    std::string window; // a piece after what may be the beginning of a watermark at the end of the one before
    for (std::uint64_t offset = lost_from;;) {
        const std::size_t kept = window.size();
        window.resize(kept + limits::copy_bytes);
        auto got = std::get<0>(opened)->read(offset + kept, window.data() + kept, limits::copy_bytes);
        if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
        if (std::get<0>(got) == 0) return {};
        window.resize(kept + std::get<0>(got));
        for (std::size_t from = 0, at = 0; const auto mark = format::find_watermark(std::string_view{window}.substr(from), at);) {
            const std::uint64_t mark_offset = offset + from + at - format::frame_bytes;
            const std::uint64_t group_bytes = mark->position - std::min(mark->group_start, mark->position);
            // The group that this watermark ends starts there; what lies between was synced before it was written.
            const std::uint64_t group_offset = mark_offset - std::min(group_bytes, mark_offset);
            if (group_offset > std::max<std::uint64_t>(lost_from, format::header_bytes))
                return damaged(path, lost_from, "groups follow that were written after it was on disk");
            from += at + 1;
        }
        const std::size_t passed = window.size() - std::min(window.size(), format::watermark_bytes);
        window.erase(0, passed);
        offset += passed;
    }
}

result<recovered_journal> recover_journal(file_system& files, const std::filesystem::path& directory, std::uint64_t needed) {
    recovered_journal found;
    if (auto failure = read_headers(files, directory, found)) return std::move(*failure);
    if (found.segments.empty()) return found;
    for (std::size_t i = 0; i + 1 < found.segments.size(); ++i)
        if (found.segments[i + 1].first_position > needed)
            if (auto failure = check_whole(files, found.segments[i], found.segments[i + 1])) return std::move(*failure);
    if (auto failure = read_newest(files, found)) return std::move(*failure);
    return found;
}

} // namespace fenliu::storage
