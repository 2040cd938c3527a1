#include "storage/segment_reader.hpp"

#include <algorithm>
#include <cstring>

#include "protocol/limits.hpp"

namespace fenliu::storage {
namespace {

constexpr std::size_t buffer_bytes = 512 * 1024;
static_assert(buffer_bytes > limits::record_bytes + journal_format::frame_bytes);

} // namespace

result<std::unique_ptr<segment_reader>> segment_reader::open(file_system& files, const segment& where) {
    auto opened = files.open(where.path, file_system::mode::read);
    if (auto* failure = std::get_if<protocol::failure>(&opened)) return std::move(*failure);
    return std::unique_ptr<segment_reader>{new segment_reader{where, std::get<0>(std::move(opened))}};
}

segment_reader::segment_reader(segment where, std::unique_ptr<file> source)
    : where_{std::move(where)}
    , source_{std::move(source)}
    , buffer_(buffer_bytes, '\0')
    , position_{where_.first_position}
    , chain_{where_.chain} {}

result<bool> segment_reader::have(std::size_t size) {
    if (end_ - begin_ >= size) return true;
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    auto got = source_->read(offset() + end_, buffer_.data() + end_, buffer_.size() - end_);
    if (auto* failure = std::get_if<protocol::failure>(&got)) return std::move(*failure);
    end_ += std::get<0>(got);
    return end_ >= size;
}

result<frame> segment_reader::next() {
    namespace format = journal_format;
    const auto none = [this] {
        drop_read_ahead();
        return frame{};
    };
    auto available = have(format::frame_bytes);
    if (auto* failure = std::get_if<protocol::failure>(&available)) return std::move(*failure);
    if (!std::get<0>(available)) return none();
    const std::uint32_t word = format::load_32(&buffer_[begin_]);
    const std::size_t size = word & ~format::watermark_flag;
    if (size == 0 || size > limits::record_bytes) return none();
    available = have(format::frame_bytes + size);
    if (auto* failure = std::get_if<protocol::failure>(&available)) return std::move(*failure);
    if (!std::get<0>(available)) return none();

    const std::string_view payload{&buffer_[begin_ + format::frame_bytes], size};
    const std::uint32_t after = format::chain_after(chain_, word, payload);
    if (after != format::load_32(&buffer_[begin_ + sizeof word])) return none();
    frame found{.what = frame::kind::record, .payload = payload};
    if (word & format::watermark_flag) {
        const auto mark = format::read_watermark(payload);
        if (!mark || mark->position != position_) return none();
        found.what = frame::kind::watermark;
        found.group_start = mark->group_start;
    }
    begin_ += format::frame_bytes + size;
    position_ += format::frame_bytes + size;
    chain_ = after;
    return found;
}

} // namespace fenliu::storage
