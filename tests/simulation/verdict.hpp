// Whether a run still holds what it must: the first broken invariant, by its number in the list of invariants, and what was seen.
// Checks run deep inside callbacks that may not throw, so they note here and the world looks after each event.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace fenliu::simulation {

struct violation {
    int invariant = 0;
    std::string text;
};

class verdict {
public:
    /// Only the first is kept: what follows it may be its consequence.
    void broken(int invariant, std::string text) {
        if (!first_) first_ = {invariant, std::move(text)};
    }
    /// Notes the violation unless `holds`; `text()` makes its words.
    template <class Text>
    bool check(bool holds, int invariant, Text&& text) {
        if (!holds) broken(invariant, text());
        return holds;
    }
    [[nodiscard]] const std::optional<violation>& first() const noexcept { return first_; }

private:
    std::optional<violation> first_;
};

/// The invariant's words, in short.
[[nodiscard]] const char* describe_invariant(int number) noexcept;

} // namespace fenliu::simulation
