#include "apps/policy/word_set.hpp"

#include <functional>
#include <set>

namespace fenliu::apps::policy {

word_set::word_set(const std::vector<std::string>& words)
    : words_(words.begin(), words.end()) {
    std::set<std::size_t, std::greater<>> lengths;
    for (const auto& each : words)
        lengths.insert(each.size());
    lengths_.assign(lengths.begin(), lengths.end());
}

std::optional<std::string_view> word_set::inside(std::string_view text) const {
    for (const auto length : lengths_) {
        if (length >= text.size()) continue;
        for (std::size_t at = 0; at + length <= text.size(); ++at)
            if (const auto found = words_.find(text.substr(at, length)); found != words_.end()) return *found;
    }
    return std::nullopt;
}

} // namespace fenliu::apps::policy
