// In which of its two languages the program tells people why something happened. Pure but for the environment, which is read
// once by the one thread the program has.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "apps/fenliu/options.hpp"

namespace fenliu::apps::fenliu {

enum class language : unsigned char { english, chinese };

/// A text in both.
struct bilingual {
    std::string_view english, chinese;

    [[nodiscard]] constexpr std::string_view in(language wanted) const noexcept {
        return wanted == language::english ? english : chinese;
    }
};

/// What `{name}` stands for in a pattern.
using facts = std::map<std::string, std::string, std::less<>>;

/// The pattern with each `{name}` replaced. A fact that is absent or empty leaves nothing, not the blank before it either.
[[nodiscard]] std::string fill(std::string_view pattern, const facts& known);

/// `en` or `zh`; anything else: what LC_ALL, LC_MESSAGES or LANG ask for, the first that is set, and English without.
[[nodiscard]] language language_of(std::string_view wanted);

/// Adds `--lang`.
void add_language_option(CLI::App& command, std::string& wanted);

} // namespace fenliu::apps::fenliu
