#include "apps/fenliud/policy_keys.hpp"

namespace fenliu::apps::fenliud {

void read_policy(table_reader& table, routing::policy& policy) {
    using routing::contact_profile;
    using routing::offline_policy;
    table.read<contact_profile>("profile", policy.profile,
                                {{"modern", contact_profile::modern}, {"seed", contact_profile::seed}});
    table.read("queue_enabled", policy.queue_enabled);
    table.read("queue_limit", policy.queue_limit, limits::waiting_line_range);
    table.read<offline_policy>(
        "offline", policy.offline,
        {{"main", offline_policy::main}, {"proxy", offline_policy::proxy}, {"pool", offline_policy::pool}});
    table.read("overload", policy.overload);
    table.read("direct_diversion", policy.direct_diversion);
    table.read("direct_grace_ms", policy.direct_grace_ms, limits::grace_range_ms);
    table.read("repeat_entry_min", policy.repeat_entry_min, limits::repeat_entry_range_min);
    table.read("session_silence_ms", policy.session_silence_ms, limits::session_silence_range_ms);
    table.read("loss_grace_ms", policy.loss_grace_ms, limits::grace_range_ms);
    table.read("default_cap", policy.default_cap, limits::cap_range);
}

} // namespace fenliu::apps::fenliud
