// What the broker wants sent, collected by a lane per drain and posted in one piece once it is durable. Encoded messages stand
// one after another in `bytes`; the lists say to whom. Plain data; the receiver applies admissions, then sends, then processed,
// then feed events, then revocations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "protocol/error.hpp"
#include "transport/link.hpp"

namespace fenliu::transport {

/// The answer to an agent's link_opened: ok → welcome, else error and bye.
struct admission {
    link_id link = 0;
    protocol::errc code = protocol::errc::ok;
    std::string text;
};
/// One data message (kind ≥ 10, or an error with a ref): the next `size` bytes of the batch. A link that is gone: dropped.
struct send {
    link_id link = 0;
    std::uint32_t size = 0;
};
/// The link's data messages first…last have been processed: they may be acked.
struct processed {
    link_id link = 0;
    std::uint64_t first = 0, last = 0;
};
/// One live event for the XPUB socket: topic `shop/<shop>/<event>` and one msgpack map.
struct feed_event {
    std::string topic, body;
};

/// From now on this token opens and resumes nothing, and its live sessions end.
struct revocation {
    std::string token_id;
    protocol::timestamp_ms expires_at = 0; ///< of the token; 0: not known
};

struct outbound_batch {
    std::string bytes;
    std::vector<admission> admissions;
    std::vector<send> sends;
    /// Links that this batch sends what they missed or were slow to read: it may go beyond an outbox's bound, as what comes with
    /// an admission may.
    std::vector<link_id> arrears;
    std::vector<transport::processed> processed;
    std::vector<feed_event> feed;
    std::vector<revocation> revocations;

    [[nodiscard]] bool empty() const noexcept {
        return admissions.empty() && sends.empty() && processed.empty() && feed.empty() && revocations.empty();
    }
};

} // namespace fenliu::transport
