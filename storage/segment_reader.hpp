// Reads the frames of one segment in order and checks the chain of checksums as it goes. Used by start-up and the archivist, each
// with readers of its own; one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "storage/file_system.hpp"
#include "storage/journal_format.hpp"
#include "storage/segment_list.hpp"

namespace fenliu::storage {

struct frame {
    enum class kind : std::uint8_t {
        record,
        watermark, ///< its own checksum and position hold too
        none,      ///< no frame that continues the chain stands here
    } what = kind::none;
    std::string_view payload;      ///< valid until the next call
    std::uint64_t group_start = 0; ///< of a watermark
};

class segment_reader {
public:
    [[nodiscard]] static result<std::unique_ptr<segment_reader>> open(file_system& files, const segment& where);

    /// The next frame. After `none` the reader stays where it is; later bytes may make a frame of it.
    [[nodiscard]] result<frame> next();
    /// Forgets what was read ahead of the position: the file has been written since.
    void drop_read_ahead() noexcept { end_ = begin_; }
    /// The segment has been read for now.
    void leave() noexcept { source_->forget_in_memory(); }

    /// Position in the log after the last frame read, and the chain there.
    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
    [[nodiscard]] std::uint32_t chain() const noexcept { return chain_; }
    /// Byte of the file at `position()`.
    [[nodiscard]] std::uint64_t offset() const noexcept {
        return journal_format::header_bytes + (position_ - where_.first_position);
    }
    [[nodiscard]] const segment& where() const noexcept { return where_; }

private:
    segment_reader(segment where, std::unique_ptr<file> source);
    /// Makes `size` bytes from the position on available; false at the end of the file.
    [[nodiscard]] result<bool> have(std::size_t size);

    segment where_;
    std::unique_ptr<file> source_;
    std::string buffer_;
    std::size_t begin_ = 0, end_ = 0; // unread bytes of the buffer; begin_ stands for position_
    std::uint64_t position_;
    std::uint32_t chain_;
};

} // namespace fenliu::storage
