// The audit as a stream of its own: each row's hash covers the row before it, so that no row can be changed, taken out or put in
// without changing all hashes after it. The details are covered by a salted digest, so that they can be erased and the chain
// still holds (BLAKE2b-256). Who wants to know that the end was not cut off keeps a head and compares. Pure, but for
// `verify_audit`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <SQLiteCpp/SQLiteCpp.h>

#include "routing/record.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

inline constexpr std::size_t hash_bytes = 32, salt_bytes = 16;

/// Random, for one row.
[[nodiscard]] std::string fresh_salt();
[[nodiscard]] std::string detail_digest(std::string_view salt, std::string_view detail);
/// The hash of the row at `position` after the row with the hash `before` (empty: the first).
[[nodiscard]] std::string link_hash(std::string_view before, std::uint64_t position, const routing::admin_acted& deed,
                                    std::string_view digest);

/// Goes over the whole table. Throws SQLite::Exception.
[[nodiscard]] audit_report verify_audit(SQLite::Database& from, const std::string& head);

} // namespace fenliu::storage
