// CRC-32C (Castagnoli), the checksum of the log. Uses the processor's instruction where there is one, a table elsewhere; both
// give the same values. Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace fenliu::storage {

/// The checksum of what `before` is the checksum of, followed by `bytes`. Starts with 0.
[[nodiscard]] std::uint32_t crc32c(std::uint32_t before, std::string_view bytes) noexcept;
/// The same without the instruction: what other processors run.
[[nodiscard]] std::uint32_t crc32c_by_table(std::uint32_t before, std::string_view bytes) noexcept;

} // namespace fenliu::storage
