#include <cassert>
#include <type_traits>

#include "protocol/codec.hpp"

namespace fenliu::protocol {

void encode(std::string& out, const message& value) {
    std::visit(
        [&out](const auto& one) {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, rejected>)
                assert(!"a rejected message cannot be encoded");
            else
                encode(out, one);
        },
        value);
}

} // namespace fenliu::protocol
