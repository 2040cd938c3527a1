// Finds words that stand in another word of their list: where words match as substrings, those make it superfluous. Immutable
// once made; the words it was made from must outlive it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace fenliu::apps::policy {

class word_set {
public:
    explicit word_set(const std::vector<std::string>& words);

    /// The longest word of the set that is a part of `text`, but not all of it. Costs a look-up for each place in the text and
    /// each length that words have.
    [[nodiscard]] std::optional<std::string_view> inside(std::string_view text) const;
    [[nodiscard]] bool contains(std::string_view word) const { return words_.contains(word); }

private:
    std::unordered_set<std::string_view> words_;
    std::vector<std::size_t> lengths_; ///< descending, each once
};

} // namespace fenliu::apps::policy
