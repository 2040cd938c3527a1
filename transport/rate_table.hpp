// A rate for each of many names (shops, addresses), in a table that is bounded. ROUTER thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "transport/rate_limit.hpp"

namespace fenliu::transport {

class rate_table {
public:
    /// `per_s` a second for each name, `saved_s` seconds' worth of them at once; 0: no limit. Of at most `most` names; the one
    /// that was quiet for longest makes room.
    rate_table(std::uint32_t per_s, std::uint32_t saved_s, std::size_t most) noexcept
        : per_s_(per_s)
        , saved_s_(saved_s)
        , most_(most) {}

    /// Takes one of the name's; nothing if it may, else when to come back.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(std::string_view name, instant now);
    [[nodiscard]] std::size_t names() const noexcept { return rows_.size(); }

private:
    struct row {
        std::string name;
        rate_limit rate;
    };

    std::uint32_t per_s_, saved_s_;
    std::size_t most_;
    std::list<row> rows_; // the one used last at the end
    std::unordered_map<std::string_view, std::list<row>::iterator> by_name_;
};

} // namespace fenliu::transport
