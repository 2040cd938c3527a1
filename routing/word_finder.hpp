// Which of many words a text contains, found in one pass however many there are: substrings, case-sensitive (R34, R37). The
// search is Hyperscan's, on processors it doesn't know that of RE2's sets. Immutable once made; `find` from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fenliu::routing {

class word_finder {
public:
    /// Finds nothing.
    word_finder();
    /// The position of a word in `words` is its number. Words must not be empty. Throws std::runtime_error when the matcher
    /// can't be built.
    explicit word_finder(const std::vector<std::string>& words);
    ~word_finder();
    word_finder(word_finder&&) noexcept;
    word_finder& operator=(word_finder&&) noexcept;

    /// The numbers of the words the text contains, ascending, each once. Throws std::runtime_error when the matcher fails:
    /// a word is never silently overlooked.
    [[nodiscard]] std::vector<std::uint32_t> find(std::string_view text) const;

private:
    class engine;
    std::unique_ptr<engine> engine_;
};

} // namespace fenliu::routing
