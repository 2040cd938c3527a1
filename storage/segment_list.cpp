#include "storage/segment_list.hpp"

#include <algorithm>
#include <charconv>

namespace fenliu::storage {
namespace {

constexpr std::size_t name_digits = 16;
constexpr std::string_view suffix = ".log";

} // namespace

void segment_list::add(segment value) {
    const std::lock_guard lock{mutex_};
    segments_.push_back(std::move(value));
}

std::optional<segment_range> segment_list::find(std::uint64_t position) const {
    const std::lock_guard lock{mutex_};
    auto after = std::upper_bound(segments_.begin(), segments_.end(), position,
                                  [](std::uint64_t wanted, const segment& each) { return wanted < each.first_position; });
    if (after == segments_.begin()) return std::nullopt;
    segment_range found{.where = *std::prev(after)};
    if (after != segments_.end()) found.end = after->first_position;
    return found;
}

void segment_list::hold() {
    const std::lock_guard lock{mutex_};
    ++holders_;
}

void segment_list::let_go() {
    const std::lock_guard lock{mutex_};
    --holders_;
}

std::optional<std::vector<segment>> segment_list::take_below(std::uint64_t over, std::uint64_t archived, std::size_t most) {
    const std::lock_guard lock{mutex_};
    if (holders_ > 0) return std::nullopt;
    auto keep = segments_.begin();
    for (auto left = segments_.size(); left > 1; --left, ++keep) {
        const auto end = std::next(keep)->first_position;
        if (end > archived || (end > over && left - 1 <= most)) break;
    }
    std::vector<segment> taken{std::make_move_iterator(segments_.begin()), std::make_move_iterator(keep)};
    segments_.erase(segments_.begin(), keep);
    return taken;
}

std::uint64_t segment_list::newest_position() const {
    const std::lock_guard lock{mutex_};
    return segments_.empty() ? 0 : segments_.back().first_position;
}

std::uint64_t segment_list::first_position() const {
    const std::lock_guard lock{mutex_};
    return segments_.empty() ? 0 : segments_.front().first_position;
}

std::string segment_name(std::uint64_t index) {
    const std::string digits = std::to_string(index);
    std::string name(name_digits - std::min(name_digits, digits.size()), '0');
    return name.append(digits).append(suffix);
}

std::optional<std::uint64_t> segment_index(std::string_view name) {
    if (name.size() != name_digits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name_digits, index);
    if (error != std::errc{} || end != name.data() + name_digits) return std::nullopt;
    return index;
}

} // namespace fenliu::storage
