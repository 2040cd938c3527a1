// What a load is to be like. Plain values, the same for every broker that is measured.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

namespace fenliu::load {

struct shape {
    std::size_t publishers = 16; ///< connections that publish (frontends), 1 and more
    std::size_t consumers = 64;  ///< connections that consume (agents), 1 and more
    /// What a message is addressed to: open conversations at fenliu, subjects, streams, queues or topics elsewhere. Each is
    /// published to by one connection and consumed by one, so that order means something. At least `publishers`.
    std::size_t channels = 512;
    bool new_buyers = false;        ///< at fenliu: every message is the first of a buyer nobody knows, so each has to be assigned
    std::size_t shops = 64;         ///< at fenliu; at most `consumers`, as each has an agent at least
    std::size_t text_bytes = 200;   ///< of a message, 32 at least: the time it was due is in it
    std::size_t frame_messages = 1; ///< at most so many leave in one frame, or one write, where the protocol has frames
    /// Open loop: messages a second in all, each due at its time whatever became of those before. None: closed loop.
    std::optional<double> rate;
    std::size_t window = 1'024;               ///< closed loop: messages of one connection that are published and not acknowledged
    std::chrono::milliseconds ramp{0};        ///< open loop: from nothing to the rate, before the warm-up
    std::chrono::milliseconds warm_up{2'000}; ///< not measured
    std::chrono::milliseconds duration{10'000}; ///< measured
    std::size_t threads = 1;                    ///< that publish, and as many that consume
};

} // namespace fenliu::load
