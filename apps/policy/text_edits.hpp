// Changes to a text at places that a TOML parser told: collected in any order, made all at once. Used by one thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

namespace fenliu::apps::policy {

class text_edits {
public:
    /// The text must outlive the edits.
    explicit text_edits(std::string_view text);

    [[nodiscard]] std::string_view text() const noexcept { return text_; }
    /// The byte at a place of the text that the parser told.
    [[nodiscard]] std::size_t offset_of(toml::source_position at) const;

    /// Bytes [from, to) are to become `replacement`. Edits must not overlap; of two at one place the earlier call stands first.
    void replace(std::size_t from, std::size_t to, std::string replacement);
    /// The text with every edit made.
    [[nodiscard]] std::string result() &&;

private:
    struct edit {
        std::size_t from, to;
        std::string replacement;
    };

    std::string_view text_;
    std::vector<std::size_t> lines_; ///< where each begins
    std::vector<edit> edits_;
};

} // namespace fenliu::apps::policy
