// A buyer's past, merged from the conversations the lane holds and the archive, which is asked without waiting: the answer
// goes on in the lane. Serves history pages (34) and attach (14).
#pragma once

#include "actors/requests.hpp"

namespace fenliu::actors {

/// Answers a history request by 43, or 44 with NOT_FOUND, MALFORMED (cursor) or FORBIDDEN (R10).
void read_history(lane& host, const peer& from, const protocol::history_request& message);

/// Sends every reply above the position, then follows the buyer with this link.
void attach_to(lane& host, shop& shop, const protocol::attach& message, buyer_entry& entry, link_id link);

} // namespace fenliu::actors
