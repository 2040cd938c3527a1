// Histories for tests: a seeded run of records as a broker could have journaled it, and the text of what they amount to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/archive.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

/// Payloads of records that follow from one another: shops, accounts, conversations that open, talk, move, close and are rated.
[[nodiscard]] std::vector<std::string> make_story(std::uint32_t seed, std::size_t records);

/// Adds a payload to a batch.
void add_payload(record_batch& batch, std::string_view payload);

/// Gives payloads one by one, from `begin` to `end`; positions count records.
[[nodiscard]] record_source source_of(const std::vector<std::string>& payloads, std::size_t begin, std::size_t end);

/// Every field of what a store recovered, as text in which two equal states are equal. Lines that are not held count as not
/// there.
[[nodiscard]] std::string describe(const recovered& state);
[[nodiscard]] std::string describe(const routing::conversation& value);

/// What the payloads amount to, folded in memory alone and by nothing but routing's functions.
[[nodiscard]] recovered fold_of(const std::vector<std::string>& payloads);

} // namespace fenliu::storage
