// What the built-in assistant says when a robot is to answer and none is connected: that the message has arrived, and how to get
// a person. Pure.
#pragma once

#include <string>
#include <string_view>

namespace fenliu::routing {

/// Chinese, or English for a `lang` that begins with `en`. `handoff_word` brings a person; empty: there is none.
/// `somebody_available`: a person could be had.
[[nodiscard]] std::string assistant_greeting(std::string_view lang, std::string_view handoff_word, bool somebody_available);

} // namespace fenliu::routing
