// The time that sessions reckon with: a steady clock's, handed in by whoever owns the thread. No code below the two sockets
// reads a clock.
#pragma once

#include <chrono>

namespace fenliu::transport {

using instant = std::chrono::steady_clock::time_point;

} // namespace fenliu::transport
