// What the tests of printed examples have in common: they read back as the defaults, name every key and tell true ranges.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <tuple>

#include "routing/policy.hpp"

namespace fenliu::apps::policy {

/// All of a policy, for comparison; lists of tables by their number.
inline auto fields_of(const routing::policy& value) {
    const auto scalars = std::tuple(value.time_zone, value.profile, value.mode, value.repeat_entry_min, value.direct_diversion,
                                    value.direct_grace_ms, value.default_cap, value.overwork_percent, value.queue_enabled,
                                    value.queue_limit, value.wait_threshold_s, value.ageing_s, value.ageing_classes,
                                    value.offline, value.proxy, value.overload, value.robot, value.robot_share);
    const auto lists = std::tuple(value.handoff_words, value.priority_crowds, value.emergency_words, value.emergency_group,
                                  value.session_silence_ms, value.loss_grace_ms, value.slow_reply_s, value.after_sales_reply_s,
                                  value.after_sales_group, value.windows.size(), value.groups.size(), value.agents.size());
    return std::tuple_cat(scalars, lists);
}

/// The text with its examples (lines that begin with # and no blank) made settings.
[[nodiscard]] std::string with_examples(std::string_view text);

/// Whether `text` names, under `header`, every key that `error` lists: the error about a key that is far from all known ones.
void expect_every_key(const std::string& text, const std::string& header, const std::string& error);

/// Tries both ends of every range `(from…to)` that the text tells for the number below it, and what lies beyond. `errors_of`
/// reads a file. How many there were.
[[nodiscard]] int expect_ranges(std::string_view text, const std::function<std::string(const std::string&)>& errors_of);

} // namespace fenliu::apps::policy
