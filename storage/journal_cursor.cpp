#include "storage/journal_cursor.hpp"

#include <charconv>
#include <utility>

namespace fenliu::storage {
namespace {

constexpr std::string_view at_offset = " is damaged at offset ";

} // namespace

protocol::failure damaged(const std::filesystem::path& path, std::uint64_t offset, std::string_view what) {
    std::string text = path.string().append(at_offset).append(std::to_string(offset)).append(": ");
    text.append(what).append("; restore the data directory from a backup");
    return {protocol::errc::storage_failed, std::move(text)};
}

std::optional<std::uint64_t> damaged_offset(const protocol::failure& failure) {
    const auto found = failure.text.find(at_offset);
    if (found == std::string::npos) return std::nullopt;
    std::uint64_t offset = 0;
    const char* begin = failure.text.data() + found + at_offset.size();
    const auto [end, error] = std::from_chars(begin, failure.text.data() + failure.text.size(), offset);
    return error == std::errc{} ? std::optional{offset} : std::nullopt;
}

outcome journal_cursor::enter() {
    auto range = segments_.find(position_);
    if (!range)
        return protocol::failure{protocol::errc::storage_failed, "the log has nothing at position " + std::to_string(position_) +
                                                                     "; its oldest segments are missing"};
    if (!reader_ || reader_->where().index != range->where.index) {
        if (reader_) reader_->leave();
        auto opened = segment_reader::open(files_, range->where);
        if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
        reader_ = std::get<0>(std::move(opened));
    }
    end_ = range->end;
    return {};
}

outcome journal_cursor::seek(std::uint64_t position) {
    reader_.reset();
    position_ = position;
    if (auto failure = enter()) return failure;
    while (reader_->position() < position) {
        auto read = reader_->next();
        if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
        if (std::get<0>(read).what == frame::kind::none)
            return damaged(reader_->where().path, reader_->offset(), "no record follows");
    }
    if (reader_->position() == position) return {};
    return damaged(reader_->where().path, reader_->offset(), "no record begins at position " + std::to_string(position));
}

result<std::string_view> journal_cursor::next(std::uint64_t limit) {
    if (std::exchange(limit_, limit) != limit && reader_) reader_->drop_read_ahead();
    while (position_ < limit) {
        if (!reader_ || position_ == end_)
            if (auto failure = enter()) return std::move(*failure);
        auto read = reader_->next();
        if (auto* failure = std::get_if<protocol::failure>(&read)) return std::move(*failure);
        const frame& found = std::get<0>(read);
        if (found.what == frame::kind::none) {
            // The writer may have gone on in another segment since this one was entered.
            const std::uint64_t index = reader_->where().index;
            if (auto failure = enter()) return std::move(*failure);
            if (reader_->where().index == index) return damaged(reader_->where().path, reader_->offset(), "no record follows");
            continue;
        }
        position_ = reader_->position();
        if (found.what == frame::kind::record) return found.payload;
    }
    return std::string_view{};
}

} // namespace fenliu::storage
