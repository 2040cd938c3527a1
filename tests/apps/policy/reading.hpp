// What the tests of policy files have in common.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "apps/policy/policy_file.hpp"

namespace fenliu::apps::policy {

/// All errors of a file `shop = "acme"` with the text below it, as they are printed for `p.toml`; empty if there are none.
inline std::string errors_of(std::string_view text) {
    const auto read = read_policy_file("shop = \"acme\"\n" + std::string(text));
    const auto* errors = std::get_if<findings>(&read);
    return errors == nullptr ? std::string() : to_text(*errors, "p.toml");
}

/// A file of that kind that has to be right.
inline policy_file read_right(std::string_view text) {
    EXPECT_EQ(errors_of(text), "");
    auto read = read_policy_file("shop = \"acme\"\n" + std::string(text));
    auto* file = std::get_if<policy_file>(&read);
    return file == nullptr ? policy_file() : std::move(*file);
}

/// Its warnings.
inline std::string warnings_of(std::string_view text) { return to_text(read_right(text).warnings, "p.toml"); }

} // namespace fenliu::apps::policy
