// The verbs about a shop's policy: read, check, put, go back, try. Texts come and go in parts; reading and compiling one happens
// on the worker, and it comes into force in the lane, between two messages. Lane's thread.
#pragma once

#include "actors/admin_verbs.hpp"

namespace fenliu::actors {

/// Puts a policy in which the account is a member of exactly the groups that the call names; with it the account is made, if it
/// has to be, and the other terms of the call come into force; answered by the agent's row.
[[nodiscard]] lane_answer put_groups(lane& host, shop& shop, const admin_call& call, const std::string& account);

} // namespace fenliu::actors
