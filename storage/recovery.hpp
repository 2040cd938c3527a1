// Start-up's view of a store: the archive's state with the log after it folded on top. Runs once, on the thread that opens.
#pragma once

#include <vector>

#include "storage/archive.hpp"
#include "storage/store.hpp"

namespace fenliu::storage {

struct recovery {
    recovered state;
    /// The closed conversations of `state` that are in the archive as they are, with nothing in the log to come.
    std::vector<archived_conversation> archived;
};

/// Folds what `next` gives, the records after applied(). Conversations closed before `closed_since` are left out, unless the
/// archive does not know yet that they are closed.
[[nodiscard]] result<recovery> recover(archive& from, const record_source& next, routing::timestamp_ms closed_since);

} // namespace fenliu::storage
