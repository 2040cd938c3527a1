#include "routing/group_choice.hpp"

#include <algorithm>
#include <iterator>

namespace fenliu::routing {
namespace {

using groups = std::vector<group_index>;

/// Narrows what is left to those that one dimension hits; a dimension without a hit is skipped.
class narrowing {
public:
    narrowing(const compiled_policy& policy, timestamp_ms now)
        : policy_{policy}
        , now_{now} {}

    void by(const groups& hits) {
        groups kept;
        if (left_)
            std::ranges::set_intersection(*left_, hits, std::back_inserter(kept));
        else
            std::ranges::copy_if(hits, std::back_inserter(kept), [&](group_index each) { return policy_.open(each, now_); });
        if (!kept.empty()) left_ = std::move(kept);
    }
    [[nodiscard]] std::optional<group_index> first() const { return left_ ? std::optional{left_->front()} : std::nullopt; }

private:
    const compiled_policy& policy_;
    timestamp_ms now_;
    std::optional<groups> left_; ///< nothing: no hit yet, so all are left
};

} // namespace

std::optional<group_index> choose_group(const compiled_policy& policy, const route_request& request, const text_signs& signs,
                                        std::string_view rerouted_from, timestamp_ms now) {
    if (policy.rules().groups.empty()) return std::nullopt;
    const auto open = [&](std::string_view id) {
        const auto found = policy.find_group(id);
        return found && policy.open(*found, now) ? found : std::nullopt;
    };
    if (signs.emergency)
        if (const auto found = open(policy.rules().emergency_group)) return found;
    if (const auto found = open(request.clicked_group)) return found;
    if (!rerouted_from.empty())
        for (const auto each : policy.by_member(rerouted_from))
            if (policy.open(each, now)) return each;
    narrowing left{policy, now};
    left.by(policy.by_crowd_or_tag(request.crowds, request.tags));
    left.by(policy.by_product(request.product));
    left.by(signs.keyword_hits);
    left.by(policy.by_order_state(request.order_state));
    return left.first();
}

} // namespace fenliu::routing
