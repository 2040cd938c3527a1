// What the tests of routing cases in files have in common.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "apps/policy/case_result.hpp"

namespace fenliu::apps::policy {

inline std::vector<placed_case> cases_in(const std::string& file) {
    std::ifstream stream(file);
    return read_cases(std::string{std::istreambuf_iterator<char>(stream), {}});
}

/// Fails the test unless the case can be evaluated and its outcome is the expected one.
inline void expect_passed(const placed_case& each) {
    const auto* given = std::get_if<routing_case>(&each.read);
    ASSERT_NE(given, nullptr) << "line " << each.line << ": " << std::get<broken_case>(each.read).text;
    const auto got = evaluate(*given);
    ASSERT_TRUE(std::holds_alternative<told_outcome>(got)) << given->id << ": " << std::get<std::string>(got);
    for (const auto& [field, expected, other] : compare(given->expect, std::get<told_outcome>(got)))
        ADD_FAILURE() << given->id << ": " << field << ": expected " << expected << ", got " << other;
}

} // namespace fenliu::apps::policy
