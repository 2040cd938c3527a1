// The load of the disk tests, and how its outcome is judged: numbered rows, each a buyer's line, that a writer hands to a store
// one after another. Whatever happens, what a store holds of a writer's rows is an unbroken run from its first one on, each row
// once, whole and in order, and reaches at least to the last one that was acknowledged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace fenliu::tests::faults {

/// Rows of one writer are numbered from `life * rows_a_life` on.
inline constexpr std::uint64_t rows_a_life = 1'000'000;

/// The text of a row: its length and content follow from its number.
[[nodiscard]] std::string text_of(std::uint64_t row);

struct writing {
    std::filesystem::path directory;
    std::uint64_t life = 0, rows = 0;
    std::size_t segment_bytes = 32 * 1024;
};
/// Opens the store, writes the rows and stops it. Prints the number of each row that was acknowledged; ends the process as
/// fenliud does when the store fails. Returns the exit status.
[[nodiscard]] int write_rows(const writing& what);

/// Makes a store in which the buyers b0, b2, … of the shops kill0 and kill1 have been in the crowd "vip" for long: a membership
/// that a message brings counts from the next day on. For kill_loop.py. Returns the exit status.
[[nodiscard]] int write_vips(const std::filesystem::path& directory);

/// What is wrong with the rows of `state`, where the writer of life n was acknowledged `acked[n]` rows; empty: nothing.
[[nodiscard]] std::string judge(const storage::recovered& state, const std::vector<std::uint64_t>& acked);

} // namespace fenliu::tests::faults
