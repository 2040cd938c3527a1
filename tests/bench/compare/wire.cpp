#include "tests/bench/compare/wire.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fenliu::bench {

namespace {

/// A read takes at most so much; a longer message makes the room grow.
constexpr std::size_t read_bytes = std::size_t{128} << 10;
/// What is taken is cut off `out` when it is so much, and most of it.
constexpr std::size_t cut_bytes = std::size_t{1} << 20;
constexpr std::chrono::milliseconds patience{30'000};

} // namespace

wire::wire(const endpoint& to)
    : peer_(to.text())
    , in_(read_bytes) {
    try {
        connect(to);
    } catch (...) {
        if (fd_ >= 0) ::close(fd_);
        throw;
    }
}

wire::~wire() { ::close(fd_); }

void wire::connect(const endpoint& to) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    if (const int wrong = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &found); wrong != 0)
        fail(::gai_strerror(wrong));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses{found, &::freeaddrinfo};
    for (const auto* each = found; each != nullptr; each = each->ai_next) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = ::socket(each->ai_family, each->ai_socktype | SOCK_CLOEXEC, 0);
        if (fd_ < 0 || ::connect(fd_, each->ai_addr, each->ai_addrlen) != 0) continue;
        const int on = 1;
        if (::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 || ::fcntl(fd_, F_SETFL, O_NONBLOCK) != 0) break;
        return;
    }
    fail(std::strerror(errno));
}

void wire::fail(std::string_view why) const { throw std::runtime_error{peer_ + ": " + std::string(why)}; }

bool wire::flush() {
    while (head_ < out.size()) {
        const auto sent = ::send(fd_, out.data() + head_, out.size() - head_, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EINTR) continue;
            if (errno != EAGAIN) fail(std::strerror(errno));
            if (head_ > cut_bytes && head_ > out.size() / 2) {
                out.erase(0, head_);
                head_ = 0;
            }
            return false;
        }
        head_ += static_cast<std::size_t>(sent);
        taken_ += static_cast<std::uint64_t>(sent);
    }
    out.clear();
    head_ = 0;
    return true;
}

void wire::make_room() {
    if (begin_ > 0) {
        std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ > in_.size() / 2) in_.resize(2 * in_.size());
}

bool wire::fill() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (in_.size() - end_ < read_bytes / 2) make_room();
    const auto got = ::recv(fd_, in_.data() + end_, in_.size() - end_, 0);
    if (got > 0) {
        end_ += static_cast<std::size_t>(got);
        return true;
    }
    if (got == 0) fail("the broker closed the connection");
    if (errno != EAGAIN && errno != EINTR) fail(std::strerror(errno));
    return false;
}

void wire::await() {
    const auto end = std::chrono::steady_clock::now() + patience;
    do {
        const bool all = flush();
        pollfd waiting{fd_, static_cast<short>(all ? POLLIN : POLLIN | POLLOUT), 0};
        ::poll(&waiting, 1, 100);
        if (std::chrono::steady_clock::now() > end) fail("no answer");
    } while (!fill());
}

} // namespace fenliu::bench
