// Policies by name, in the place of their texts: what the process writes for a policy, and what a put policy's text stands for. A
// part of the world that outlives its processes.
#pragma once

#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/policy_language.hpp"

namespace fenliu::simulation {

class policy_book {
public:
    /// The policy's name; the same for equal ones.
    std::string name_of(const routing::policy& policy) {
        for (std::size_t i = 0; i < pages_.size(); ++i)
            if (pages_[i].first == policy) return "policy " + std::to_string(i);
        pages_.emplace_back(policy, std::make_shared<const routing::compiled_policy>(policy));
        return "policy " + std::to_string(pages_.size() - 1);
    }
    /// Null for a text that is no name.
    [[nodiscard]] std::shared_ptr<const routing::compiled_policy> find(std::string_view name) const {
        constexpr std::string_view prefix = "policy ";
        std::size_t page = 0;
        if (!name.starts_with(prefix)) return nullptr;
        std::from_chars(name.data() + prefix.size(), name.data() + name.size(), page);
        return page < pages_.size() ? pages_[page].second : nullptr;
    }
    [[nodiscard]] actors::policy_language language() {
        actors::policy_language made;
        made.write = [this](std::string_view, const routing::policy& policy) { return name_of(policy); };
        made.read = [this](std::string_view, std::string_view text) { return actors::policy_language::reading{find(text), {}}; };
        return made;
    }

private:
    std::vector<std::pair<routing::policy, std::shared_ptr<const routing::compiled_policy>>> pages_;
};

} // namespace fenliu::simulation
