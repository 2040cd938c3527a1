// What the peers of a fuzzed session exchange say: messages made of a script, most of them right, some wrong in one way, some no
// messages at all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "script.hpp"

namespace fenliu::fuzz {

/// What a peer knows when it speaks.
struct speaker {
    std::vector<std::string> sessions; ///< names it may try to resume
    std::uint64_t received = 0;        ///< the broker's data messages it has on this connection
    std::uint64_t& spoken;             ///< counts messages, for ids that differ
};

/// One frame.
[[nodiscard]] std::string frame_of(script& from, speaker& who);
/// A hello alone, right in most of its fields.
[[nodiscard]] std::string hello_of(script& from, const speaker& who);

} // namespace fenliu::fuzz
