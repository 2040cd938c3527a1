// Takes people's words and traces out of the archive: a buyer's, or what is older than a shop keeps. The audit keeps what was
// done, without the details that name the buyer. Part of an archive's pass, inside its transaction; throws SQLite::Exception.
#pragma once

#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "routing/record.hpp"

namespace fenliu::storage {

/// `folded` are the conversations that the pass itself removed: they may have decisions here, but no row yet.
void remove_buyer(SQLite::Database& from, const routing::buyer_erased& fact,
                  const std::vector<routing::conversation_number>& folded);
void remove_history(SQLite::Database& from, const routing::history_pruned& fact,
                    const std::vector<routing::conversation_number>& folded);

} // namespace fenliu::storage
