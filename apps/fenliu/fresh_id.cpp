#include "apps/fenliu/fresh_id.hpp"

#include <random>

namespace fenliu::apps::fenliu {

std::string fresh_id() {
    static thread_local std::random_device source;
    std::string out = "xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx";
    std::uniform_int_distribution<unsigned> digit(0, 15);
    for (auto& each : out)
        if (each == 'x') each = "0123456789abcdef"[digit(source)];
    out[19] = "89ab"[digit(source) % 4]; // the variant of RFC 9562
    return out;
}

} // namespace fenliu::apps::fenliu
