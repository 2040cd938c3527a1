// What each reason code means, in words for people: one table, every code of routing/reason.hpp. Constants; any thread.
#pragma once

#include "apps/fenliu/language.hpp"
#include "routing/reason.hpp"

namespace fenliu::apps::fenliu {

/// A pattern (`fill`) without capital and full stop, for the middle of a sentence; empty for `reason::none` alone. Facts:
/// owner, recent, recent_load, to, group, wanted (the group before overflow), where (the candidates' group or the shop), choice
/// (how the chosen one stands among the candidates), best (its credit and load), why (a refusal's text).
[[nodiscard]] bilingual words_of(routing::reason value) noexcept;

} // namespace fenliu::apps::fenliu
