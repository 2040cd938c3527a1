// The ledger of an issuer: one line of JSON for each token it signed, with everything but the token. Lines are only added. Used
// by one command.
#pragma once

#include <filesystem>
#include <variant>
#include <vector>

#include "apps/fenliu/options.hpp"
#include "apps/fenliu/output.hpp"
#include "protocol/token_claims.hpp"

namespace fenliu::apps::fenliu {

/// Where an issuer's ledger is unless it is named: beside its key.
[[nodiscard]] std::filesystem::path ledger_beside(const std::filesystem::path& issuer_key);
/// Writes a line and syncs it: a token that nobody knows of can't be revoked. Where that fails the ledger is as it was.
[[nodiscard]] std::optional<problem> add_to_ledger(const std::filesystem::path& ledger, const protocol::token_claims& claims);
/// All lines, oldest first; none if there is no such file. A file or line that can't be read is a problem and named.
[[nodiscard]] std::variant<std::vector<json>, problem> read_ledger(const std::filesystem::path& ledger);

} // namespace fenliu::apps::fenliu
