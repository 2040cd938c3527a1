// The shortest way from one sequence of lines to another by taking lines out and putting lines in. Lines are numbers: equal ones
// have one number. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fenliu::apps::policy {

/// Lines [before_from, before_to) become [after_from, after_to); the lines between two changes are the same in both.
struct line_change {
    std::size_t before_from = 0, before_to = 0, after_from = 0, after_to = 0;
    friend bool operator==(const line_change&, const line_change&) = default;
};

/// All changes in order, or nothing when more than `most` lines would be taken out or put in. Costs time O((lines + most) × most)
/// at worst, memory O(most²).
[[nodiscard]] std::optional<std::vector<line_change>> changed_lines(std::span<const std::uint32_t> before,
                                                                    std::span<const std::uint32_t> after, std::size_t most);

} // namespace fenliu::apps::policy
