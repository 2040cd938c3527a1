// What a fuzz target demands: a demand that does not hold ends the process, so that the fuzzer keeps the input.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace fenliu::fuzz {

inline void require(bool held, const char* what) {
    if (held) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

} // namespace fenliu::fuzz
