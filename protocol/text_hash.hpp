// The hash of tables whose keys are texts and that are asked with views. Stateless; any thread.
#pragma once

#include <functional>
#include <string_view>

namespace fenliu::protocol {

struct text_hash {
    using is_transparent = void;
    /// Not noexcept: libstdc++ then keeps each key's hash beside it, and a lookup doesn't touch the entries around it to hash
    /// them.
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

} // namespace fenliu::protocol
