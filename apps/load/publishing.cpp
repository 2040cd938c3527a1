#include "apps/load/publishing.hpp"

#include <algorithm>
#include <utility>

#include "apps/load/due_text.hpp"

namespace fenliu::load {

namespace {

using namespace std::chrono_literals;

/// While nothing is due: phases are seen within this.
constexpr auto look_around = 5ms;
/// Open loop: messages of all connections that may be published and not acknowledged; what is due beyond waits in the load.
constexpr std::size_t outstanding_at_most = std::size_t{1} << 20;
/// Closed loop: of so many one is timed, as reading the clock is not for nothing.
constexpr std::uint64_t timed_of = 16;

/// How far the last ack may be behind the others before it holds up its connection, in windows.
constexpr std::size_t ring_of = 4;

std::size_t outstanding_of(const shape& wanted) {
    if (!wanted.rate) return wanted.window;
    return std::clamp<std::size_t>(outstanding_at_most / wanted.publishers, 1'024, 65'536);
}

std::int64_t nanoseconds_of(steady::time_point when) { return std::chrono::nanoseconds{when.time_since_epoch()}.count(); }

} // namespace

publishing::publishing(stage& shared, target& broker, const shape& wanted, part connections)
    : shared_(shared)
    , wanted_(wanted)
    , part_(connections)
    , pace_(wanted.rate.value_or(1), wanted.ramp)
    , outstanding_(outstanding_of(wanted))
    , counts_(shared)
    , text_(wanted.text_bytes, 'x')
    , next_(connections.first)
    , random_(0x9e3779b97f4a7c15 + connections.first) {
    for (std::size_t number = part_.first; number < wanted_.publishers; number += part_.step)
        connections_.push_back({number, 0, 0, std::vector<std::int64_t>(ring_of * outstanding_, nobody)});
    group_ = broker.publish(wanted_, part_, [this](std::size_t number, std::uint64_t id, bool ok) { settled(number, id, ok); });
}

bool publishing::goes_on() const {
    const auto now = shared_.now.load();
    return now == phase::running || now == phase::measuring;
}

void publishing::run() {
    while (!group_->ready() && shared_.now == phase::connecting)
        group_->poll(look_around);
    --shared_.connecting;
    while (shared_.now == phase::connecting)
        group_->poll(look_around);
    open_channels();
    --shared_.opening;
    while (shared_.now == phase::opening) {
        group_->poll(look_around);
        counts_.now_and_then(steady::now());
    }
    while (goes_on()) {
        if (wanted_.rate)
            publish_what_is_due();
        else
            publish_into_windows();
        counts_.now_and_then(steady::now());
    }
    while (shared_.now == phase::draining) {
        group_->poll(look_around);
        counts_.now_and_then(steady::now());
    }
}

void publishing::open_channels() {
    for (auto& each : connections_)
        for (std::size_t channel = each.number; channel < wanted_.channels; channel += wanted_.publishers) {
            while (!has_room(each) && shared_.now == phase::opening)
                group_->poll(look_around);
            if (shared_.now != phase::opening) return;
            publish(each, channel, 0);
            counts_.now_and_then(steady::now());
        }
    while (!all_settled() && shared_.now == phase::opening)
        group_->poll(look_around);
}

void publishing::publish_what_is_due() {
    const auto begin = shared_.begin.load();
    const auto now = steady::now();
    for (; begin + pace_.when(next_) <= now; next_ += part_.step) {
        auto& from = connections_[next_ / part_.step % connections_.size()];
        if (!has_room(from)) break; // it stays due
        publish(from, channel_of(from), nanoseconds_of(begin + pace_.when(next_)));
    }
    group_->poll(std::clamp<std::chrono::nanoseconds>(begin + pace_.when(next_) - steady::now(), 0ns, look_around));
}

void publishing::publish_into_windows() {
    for (auto& each : connections_) {
        if (!has_room(each)) continue;
        const auto now = nanoseconds_of(steady::now());
        while (has_room(each))
            publish(each, channel_of(each), each.published % timed_of == 0 ? now : 0);
    }
    group_->poll(look_around);
}

void publishing::publish(connection& from, std::size_t channel, std::int64_t due) {
    const auto id = from.published++;
    from.due[id % from.due.size()] = due;
    write_due(text_, due);
    ++counts_.here().published;
    group_->publish(from.number, channel, id, text_);
}

void publishing::settled(std::size_t number, std::uint64_t id, bool ok) {
    auto& of = numbered(number);
    ++of.settled;
    auto& counts = counts_.here();
    ++(ok ? counts.acked : counts.refused);
    if (const auto due = std::exchange(of.due[id % of.due.size()], nobody); due > 0 && ok)
        counts.ack.add(std::chrono::nanoseconds{nanoseconds_of(steady::now()) - due});
}

bool publishing::all_settled() const {
    return std::ranges::all_of(connections_, [](const connection& each) { return each.published == each.settled; });
}

std::size_t publishing::channel_of(const connection& from) {
    random_ ^= random_ << 13; // xorshift64
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    const std::size_t count = (wanted_.channels - from.number + wanted_.publishers - 1) / wanted_.publishers;
    return from.number + wanted_.publishers * static_cast<std::size_t>(random_ % count);
}

} // namespace fenliu::load
