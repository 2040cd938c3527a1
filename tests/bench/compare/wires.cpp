#include "tests/bench/compare/wires.hpp"

#include <system_error>

#include <unistd.h>

namespace fenliu::bench {

wires::wires()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw std::system_error{errno, std::generic_category(), "epoll_create1"};
}

wires::~wires() { ::close(epoll_); }

void wires::watch(int operation, int fd, std::uint32_t events, std::size_t place) {
    epoll_event wanted{};
    wanted.events = events;
    wanted.data.u64 = place;
    if (::epoll_ctl(epoll_, operation, fd, &wanted) != 0) throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
}

wire& wires::add(const endpoint& to) {
    auto& made = wires_.emplace_back(member{std::make_unique<wire>(to)});
    watch(EPOLL_CTL_ADD, made.over->fd(), EPOLLIN, wires_.size() - 1);
    return *made.over;
}

void wires::wake_by(int fd) { watch(EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET, nowhere); }

void wires::write(std::size_t place) {
    auto& here = wires_[place];
    const bool blocked = !here.over->flush();
    if (blocked == here.blocked) return;
    here.blocked = blocked;
    watch(EPOLL_CTL_MOD, here.over->fd(), blocked ? EPOLLIN | EPOLLOUT : EPOLLIN, place);
}

void wires::flush() {
    for (std::size_t place = 0; place < wires_.size(); ++place)
        if (const auto& here = wires_[place]; !here.over->flushed() && !here.blocked) write(place);
}

} // namespace fenliu::bench
