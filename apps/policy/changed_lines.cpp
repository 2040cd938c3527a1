#include "apps/policy/changed_lines.hpp"

namespace fenliu::apps::policy {

namespace {

using line_numbers = std::span<const std::uint32_t>;

/// Myers' greedy search. On diagonal k, where k = lines of `before` − lines of `after` passed, it keeps how far in `before` one
/// gets with d changes; what was kept for each d leads back from the end.
class shortest_way {
public:
    shortest_way(line_numbers before, line_numbers after)
        : before_(before)
        , after_(after)
        , end_diagonal_(static_cast<std::ptrdiff_t>(before.size()) - static_cast<std::ptrdiff_t>(after.size())) {}

    /// Whether the end is reached with at most so many changes.
    [[nodiscard]] bool search(std::size_t most) {
        for (std::size_t changes = 0; changes <= most; ++changes) {
            reached_.emplace_back(2 * changes + 1);
            const auto limit = static_cast<std::ptrdiff_t>(changes);
            for (auto diagonal = -limit; diagonal <= limit; diagonal += 2) {
                const auto at = slide(changes == 0 ? 0 : start(changes, diagonal), diagonal);
                reached(changes, diagonal) = static_cast<std::uint32_t>(at);
                if (diagonal == end_diagonal_ && at >= before_.size()) return true;
            }
        }
        return false;
    }

    /// The changes of the way that was found, each of one line, from the last to the first.
    [[nodiscard]] std::vector<line_change> way_back() {
        std::vector<line_change> way;
        auto diagonal = end_diagonal_;
        for (auto changes = reached_.size() - 1; changes > 0; --changes) {
            const bool put_in = puts_in(changes, diagonal);
            const auto from = put_in ? diagonal + 1 : diagonal - 1;
            const std::size_t at = reached(changes - 1, from);
            const auto after_at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) - from);
            way.push_back({at, at + (put_in ? 0 : 1), after_at, after_at + (put_in ? 1 : 0)});
            diagonal = from;
        }
        return way;
    }

private:
    [[nodiscard]] std::uint32_t& reached(std::size_t changes, std::ptrdiff_t diagonal) {
        return reached_[changes][static_cast<std::size_t>(diagonal + static_cast<std::ptrdiff_t>(changes))];
    }
    /// Whether the last of so many changes puts a line in, when the way ends on this diagonal.
    [[nodiscard]] bool puts_in(std::size_t changes, std::ptrdiff_t diagonal) {
        const auto limit = static_cast<std::ptrdiff_t>(changes);
        if (diagonal == -limit) return true;
        return diagonal != limit && reached(changes - 1, diagonal - 1) < reached(changes - 1, diagonal + 1);
    }
    /// How far in `before` the last change leads.
    [[nodiscard]] std::size_t start(std::size_t changes, std::ptrdiff_t diagonal) {
        return puts_in(changes, diagonal) ? reached(changes - 1, diagonal + 1)
                                          : std::size_t{reached(changes - 1, diagonal - 1)} + 1;
    }
    /// From there on along equal lines.
    [[nodiscard]] std::size_t slide(std::size_t at, std::ptrdiff_t diagonal) const {
        auto after_at = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) - diagonal);
        while (at < before_.size() && after_at < after_.size() && before_[at] == after_[after_at]) {
            ++at;
            ++after_at;
        }
        return at;
    }

    line_numbers before_, after_;
    std::ptrdiff_t end_diagonal_;
    std::vector<std::vector<std::uint32_t>> reached_; ///< by changes, then by diagonal from −changes
};

} // namespace

std::optional<std::vector<line_change>> changed_lines(line_numbers before, line_numbers after, std::size_t most) {
    shortest_way way(before, after);
    if (!way.search(most)) return std::nullopt;
    std::vector<line_change> changes;
    const auto back = way.way_back();
    for (auto each = back.rbegin(); each != back.rend(); ++each) {
        auto* last = changes.empty() ? nullptr : &changes.back();
        if (last != nullptr && last->before_to == each->before_from && last->after_to == each->after_from) {
            last->before_to = each->before_to;
            last->after_to = each->after_to;
        } else {
            changes.push_back(*each);
        }
    }
    return changes;
}

} // namespace fenliu::apps::policy
