#include "routing/account.hpp"

namespace fenliu::routing {

void apply(account& value, const account_set& fact) {
    value.name = fact.account;
    value.cap = fact.cap;
    value.participating = fact.participating;
    value.suspended = fact.suspended;
    value.robot = fact.robot;
    value.credit = fact.credit;
    value.changed_at = fact.at;
}

void apply(account& value, const place_changed& fact) { value.credit = fact.credit; }

} // namespace fenliu::routing
