#include "storage/journal.hpp"

#include <algorithm>

#include "protocol/limits.hpp"
#include "storage/journal_format.hpp"
#include "storage/journal_recovery.hpp"

namespace fenliu::storage {
namespace {

namespace format = journal_format;

/// Copies the tail into a segment of its own and syncs it: what was read of it may have come from the system's memory alone.
/// The header follows in a second step, because from then on this segment stands for the old one's tail.
outcome copy_tail(const recovered_journal& found, writing_place& place) {
    if (auto failure = place.target.target->write(format::header_bytes, found.tail)) return failure;
    if (auto failure = place.target.target->sync()) return failure;
    std::string header;
    format::append_header(header, {.index = place.target.index,
                                   .first_position = found.vouched,
                                   .chain = found.chain,
                                   .file_bytes = static_cast<std::uint32_t>(place.target.bytes)});
    if (auto failure = place.target.target->write(0, header)) return failure;
    if (auto failure = place.target.target->sync()) return failure;
    place.position = found.end;
    place.chain = found.chain_at_end;
    place.offset = format::header_bytes + found.tail.size();
    return {};
}

} // namespace

journal::journal(file_system& files, const std::filesystem::path& directory, std::size_t segment_bytes, std::uint64_t next_index,
                 failure_latch& failures)
    : files_{files}
    , directory_{directory}
    , supply_{files, directory, segment_bytes, next_index, failures} {}

result<std::unique_ptr<journal>> journal::open(file_system& files, const std::filesystem::path& directory,
                                               std::size_t segment_bytes, std::uint64_t needed, failure_latch& failures) {
    auto recovered = recover_journal(files, directory, needed);
    if (auto* failure = std::get_if<protocol::failure>(&recovered)) return std::move(*failure);
    auto& found = std::get<0>(recovered);
    for (const auto& path : found.leftover)
        if (auto failure = files.remove(path)) return std::move(*failure);

    std::unique_ptr<journal> made{new journal{files, directory, segment_bytes, found.next_index, failures}};
    for (auto& each : found.segments)
        made->segments_.add(std::move(each));
    // Short, as the start waits for it; the next one is made meanwhile.
    auto target = made->supply_.make(format::header_bytes + found.tail.size() +
                                     std::min<std::size_t>(segment_bytes, limits::first_segment_bytes));
    if (auto* failure = std::get_if<protocol::failure>(&target)) return std::move(*failure);
    writing_place place{.position = found.vouched, .chain = found.chain, .target = std::get<0>(std::move(target))};
    if (!found.tail.empty()) {
        if (auto failure = copy_tail(found, place)) return std::move(*failure);
        made->segments_.add(
            {.index = place.target.index, .first_position = found.vouched, .chain = found.chain, .path = place.target.path});
    }
    made->writer_ = std::make_unique<journal_writer>(made->segments_, made->supply_, failures, std::move(place));
    return made;
}

void journal::start(journal_writer::synced_callback synced) {
    supply_.start();
    writer_->start(std::move(synced));
}

void journal::stop() noexcept {
    writer_->stop();
    supply_.stop();
}

result<bool> journal::drop_below(std::uint64_t over, std::uint64_t archived, std::size_t most) {
    const auto taken = segments_.take_below(over, archived, most);
    if (!taken) return false;
    for (const auto& each : *taken)
        if (auto failure = files_.remove(each.path)) return std::move(*failure);
    if (!taken->empty())
        if (auto failure = files_.sync_directory(directory_)) return std::move(*failure);
    return true;
}

} // namespace fenliu::storage
