// `fenliu policy test SHOP`: asks a running broker where a message would go that nobody sent. Changes nothing.
#pragma once

#include <string>
#include <vector>

#include "apps/fenliu/options.hpp"

namespace fenliu::apps::fenliu {

/// The message and its buyer; what is empty is left to the broker.
struct trial_arguments {
    std::string shop, buyer, text, to, entry, group, product, order_state;
    std::vector<std::string> tags, crowds;
    std::string at; ///< RFC 3339; empty: now
    std::string lang;
    bool full = false;

    /// Whether anything but the shop is given.
    [[nodiscard]] bool any() const noexcept;
};

/// Prints the decision in words, with `full` every account's part in it.
[[nodiscard]] exit_status try_message(const common_options& options, const trial_arguments& given);

} // namespace fenliu::apps::fenliu
