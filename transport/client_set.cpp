#include "transport/client_set.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <unistd.h>

#include "transport/client_data.hpp"

namespace fenliu::transport {

namespace {

using std::chrono::steady_clock;

/// Descriptors asked for at once; the others stay readable for the next look.
constexpr int events_at_once = 128;

} // namespace

client_set::client_set()
    : watched_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (watched_ < 0) throw std::system_error(errno, std::generic_category(), "epoll");
}

client_set::~client_set() {
    while (!timers_.empty())
        remove(*timers_.begin()->second);
    ::close(watched_);
}

void client_set::add(client& added) {
    client::data& of = *added.data_;
    assert(of.set == nullptr);
    if (!of.session.active()) return;
    epoll_event wanted{.events = EPOLLIN, .data = {.ptr = &of}};
    if (::epoll_ctl(watched_, EPOLL_CTL_ADD, of.descriptor, &wanted) < 0)
        throw std::system_error(errno, std::generic_category(), "epoll");
    of.set = this;
    of.set_wakes = of.wake;
    timers_.emplace(of.wake, &of);
    if (of.attention) list(of);
}

void client_set::remove(client::data& of) noexcept {
    of.set = nullptr;
    of.listed = false;
    static_cast<void>(::epoll_ctl(watched_, EPOLL_CTL_DEL, of.descriptor, nullptr));
    timers_.erase({of.set_wakes, &of});
    std::erase(listed_, &of);
    std::ranges::replace(looked_at_, &of, nullptr);
}

void client_set::list(client::data& of) {
    if (!std::exchange(of.listed, true)) listed_.push_back(&of);
}

void client_set::after_round(client::data& of) {
    if (!of.session.active()) return remove(of);
    of.listed = false;
    if (of.attention) list(of);
    if (of.wake == of.set_wakes) return;
    auto timer = timers_.extract({of.set_wakes, &of});
    timer.value().first = of.set_wakes = of.wake;
    timers_.insert(std::move(timer));
}

void client_set::poll(std::chrono::nanoseconds wait) {
    const instant deadline = steady_clock::now() + wait;
    while (!look() && size() > 0) {
        const instant now = steady_clock::now();
        if (now >= deadline) return;
        const instant next = std::min(timers_.begin()->first, deadline);
        if (listed_.empty() && now < next) wait_for(watched_, next - now);
    }
}

bool client_set::look() {
    find(steady_clock::now());
    looked_at_.swap(listed_);
    bool progress = false;
    for (std::size_t i = 0; i < looked_at_.size(); ++i)
        if (looked_at_[i] != nullptr) progress = looked_at_[i]->round() || progress;
    looked_at_.clear();
    return progress;
}

void client_set::find(instant now) {
    std::array<epoll_event, events_at_once> events;
    const int count = ::epoll_wait(watched_, events.data(), events_at_once, 0);
    for (int i = 0; i < count; ++i)
        list(*static_cast<client::data*>(events[static_cast<std::size_t>(i)].data.ptr));
    for (auto next = timers_.begin(); next != timers_.end() && next->first <= now; ++next)
        list(*next->second);
}

} // namespace fenliu::transport
