// In which of the two languages of fenliu's own texts a buyer is spoken to.
#pragma once

#include <string_view>

namespace fenliu::routing {

/// Whether a publish's `lang` (BCP 47) asks for English; everything else is spoken to in Chinese.
[[nodiscard]] constexpr bool speaks_english(std::string_view lang) noexcept {
    return lang.size() >= 2 && (lang[0] == 'e' || lang[0] == 'E') && (lang[1] == 'n' || lang[1] == 'N') &&
           (lang.size() == 2 || lang[2] == '-' || lang[2] == '_');
}

} // namespace fenliu::routing
