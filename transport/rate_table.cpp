#include "transport/rate_table.hpp"

namespace fenliu::transport {

std::optional<std::chrono::milliseconds> rate_table::take(std::string_view name, instant now) {
    if (per_s_ == 0) return std::nullopt;
    auto found = by_name_.find(name);
    if (found == by_name_.end()) {
        if (rows_.size() >= most_) {
            by_name_.erase(rows_.front().name);
            rows_.pop_front();
        }
        rows_.push_back({std::string{name}, {per_s_, saved_s_, now}});
        found = by_name_.emplace(rows_.back().name, std::prev(rows_.end())).first;
    }
    rows_.splice(rows_.end(), rows_, found->second);
    return found->second->rate.take(now);
}

} // namespace fenliu::transport
