// Values as TOML writes them, each in one form only: what is written into policies that are kept must not depend on who writes.
// Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace fenliu::apps::policy {

/// The text in double quotes; quotes, backslashes and control characters escaped, everything else as it is (UTF-8).
[[nodiscard]] std::string toml_text(std::string_view text);

/// The shortest decimal that reads back as this number, always with a fraction or an exponent.
[[nodiscard]] std::string toml_number(double number);

} // namespace fenliu::apps::policy
