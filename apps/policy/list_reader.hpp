// Reads the lists of a policy: words, ids and hours, each item once. Functions on a table_reader; same thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/policy/table_reader.hpp"
#include "routing/daily_hours.hpp"

namespace fenliu::apps::policy {

/// A text or an array of texts, each not empty, at most limits::label_bytes long and there only once; `item` is what one is
/// called, e.g. `keyword`. False if the key is absent; then `out` stays as it was.
bool read_list(table_reader& table, std::string_view key, std::string_view item, std::vector<placed_text>& out);
bool read_list(table_reader& table, std::string_view key, std::string_view item, std::vector<std::string>& out);

/// `HH:MM-HH:MM`, one or an array, none of which overlap. An empty array is always.
void read_hours(table_reader& table, std::string_view key, routing::daily_hours& out);

} // namespace fenliu::apps::policy
