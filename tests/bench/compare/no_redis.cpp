// Stands in for redis.cpp where there is no hiredis.
#include <stdexcept>

#include "tests/bench/compare/targets.hpp"

namespace fenliu::bench {

std::unique_ptr<load::target> redis(const access&) {
    throw std::runtime_error{"built without redis: install libhiredis-dev and configure again"};
}

} // namespace fenliu::bench
