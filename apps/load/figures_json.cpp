#include "apps/load/figures_json.hpp"

namespace fenliu::load {

json to_json(const histogram& latencies) {
    json curve = json::array();
    for (double left = 1; left * static_cast<double>(latencies.count()) >= 1; left /= 2)
        for (const double share : {1 - left, 1 - left * 0.75}) // two points to each halving
            curve.push_back({share, milliseconds_of(latencies.quantile(share))});
    return {{"count", latencies.count()},
            {"p50", milliseconds_of(latencies.quantile(0.50))},
            {"p90", milliseconds_of(latencies.quantile(0.90))},
            {"p99", milliseconds_of(latencies.quantile(0.99))},
            {"p999", milliseconds_of(latencies.quantile(0.999))},
            {"max", milliseconds_of(latencies.max())},
            {"mean", milliseconds_of(latencies.mean())},
            {"curve", std::move(curve)}};
}

json to_json(const figures& found) {
    json moments = json::array();
    for (const auto& each : found.moments)
        moments.push_back({{"second", each.second},
                           {"published", each.published},
                           {"acked", each.acked},
                           {"delivered", each.delivered},
                           {"ack_p99_ms", milliseconds_of(each.ack_p99)},
                           {"delivery_p99_ms", milliseconds_of(each.delivery_p99)}});
    return {{"seconds", found.seconds},
            {"published", found.published},
            {"acked", found.acked},
            {"delivered", found.delivered},
            {"refused", found.refused},
            {"missing", found.missing},
            {"behind", found.behind},
            {"acked_per_s", found.acked_per_s()},
            {"delivered_per_s", found.delivered_per_s()},
            {"ack_ms", to_json(found.ack)},
            {"delivery_ms", to_json(found.delivery)},
            {"moments", std::move(moments)}};
}

json to_json(const shape& wanted) {
    return {{"publishers", wanted.publishers},
            {"consumers", wanted.consumers},
            {"channels", wanted.channels},
            {"new_buyers", wanted.new_buyers},
            {"shops", wanted.shops},
            {"text_bytes", wanted.text_bytes},
            {"frame_messages", wanted.frame_messages},
            {"rate", wanted.rate ? json(*wanted.rate) : json()},
            {"window", wanted.window},
            {"ramp_ms", wanted.ramp.count()},
            {"warm_up_ms", wanted.warm_up.count()},
            {"duration_ms", wanted.duration.count()},
            {"threads", wanted.threads}};
}

} // namespace fenliu::load
