// What the tests of configuration files have in common.
#pragma once

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "apps/fenliud/configuration.hpp"

namespace fenliu::apps::fenliud {

/// All errors of the text, as they are printed for a file `f.toml`; empty if there are none.
inline std::string errors_of(std::string_view text, bool insecure = false) {
    auto parsed = parse_configuration(text, insecure);
    const auto* errors = std::get_if<policy::findings>(&parsed);
    return errors == nullptr ? std::string() : policy::to_text(*errors, "f.toml");
}

/// The configuration of a text that has to be right.
inline configuration parsed(std::string_view text, bool insecure = false) {
    EXPECT_EQ(errors_of(text, insecure), "");
    auto result = parse_configuration(text, insecure);
    auto* value = std::get_if<configuration>(&result);
    return value == nullptr ? configuration() : *value;
}

} // namespace fenliu::apps::fenliud
