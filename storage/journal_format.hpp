// The bytes of the log (storage/FORMAT.md): a segment's header, record frames and watermarks, all little-endian. Pure functions;
// any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fenliu::storage::journal_format {

inline constexpr std::uint32_t version = 1;
inline constexpr std::size_t header_bytes = 40;
/// Length and checksum, before each payload.
inline constexpr std::size_t frame_bytes = 8;
/// A whole watermark, with its frame.
inline constexpr std::size_t watermark_bytes = frame_bytes + 28;
/// Set in the length of a watermark's frame.
inline constexpr std::uint32_t watermark_flag = 0x8000'0000;

/// The head of a segment that is in use. One not yet in use has zeros there.
struct segment_header {
    std::uint64_t index = 0;          ///< the number in the file's name
    std::uint64_t first_position = 0; ///< position in the log of the byte after the header
    std::uint32_t chain = 0;          ///< checksum that the first frame continues
    std::uint32_t file_bytes = 0;     ///< the file was made with; 0: not said
};
/// Ends a group. It proves that everything before `group_start` was on disk before this group was written.
struct watermark {
    std::uint64_t position = 0; ///< of its own frame
    std::uint64_t group_start = 0;
};

enum class header_state : std::uint8_t { unused, valid, newer, broken };
/// Reads the first header_bytes of a file; fewer are `broken`.
[[nodiscard]] header_state read_header(std::string_view bytes, segment_header& out) noexcept;
void append_header(std::string& out, const segment_header& value);

/// Appends a record's frame; returns the chain after it.
std::uint32_t append_record(std::string& out, std::uint32_t chain, std::string_view payload);
std::uint32_t append_watermark(std::string& out, std::uint32_t chain, const watermark& value);

/// The chain after a frame with this length word and payload.
[[nodiscard]] std::uint32_t chain_after(std::uint32_t chain, std::uint32_t length_word, std::string_view payload) noexcept;
/// Reads a watermark's payload by its own checksum, without the chain.
[[nodiscard]] std::optional<watermark> read_watermark(std::string_view payload) noexcept;
/// The first watermark in `bytes` that is whole, wherever it stands; `offset` is that of its payload.
[[nodiscard]] std::optional<watermark> find_watermark(std::string_view bytes, std::size_t& offset) noexcept;

[[nodiscard]] std::uint32_t load_32(const char* at) noexcept;
[[nodiscard]] std::uint64_t load_64(const char* at) noexcept;

} // namespace fenliu::storage::journal_format
