// Account names: `main` or `main:sub` (R1, R2). Pure functions on views; nothing is allocated unless a name is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.hpp"

namespace fenliu::protocol {

struct account_name {
    std::string_view main;
    std::string_view sub; ///< empty for the main account
};

/// Splits and checks a login name. REJECT_ACCOUNT, with a text that says what to change, for a full-width colon (R1), an empty
/// half, a main part that is no shop id, a sub of more than 30 units (a character above U+007F counts 2, R2) or of digits only
/// (R2), a second colon, control characters, blanks or a slash. On failure `out` is left as it was.
[[nodiscard]] std::optional<failure> check_account(std::string_view name, account_name& out);

/// The shop of an account: the part before the colon.
[[nodiscard]] std::string_view shop_of(std::string_view account) noexcept;
[[nodiscard]] bool is_main(std::string_view account) noexcept;

/// Checks a shop id: a main account's name, 1–64 bytes without colon, slash, control characters or blanks; else MALFORMED.
[[nodiscard]] std::optional<failure> check_shop(std::string_view shop);
/// Checks a buyer id: 1–64 bytes of UTF-8 without control characters; else MALFORMED.
[[nodiscard]] std::optional<failure> check_buyer(std::string_view buyer);

} // namespace fenliu::protocol
