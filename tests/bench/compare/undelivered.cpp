#include "tests/bench/compare/undelivered.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace fenliu::bench {

namespace {

/// Half of what core NATS lets wait for one subscriber.
constexpr std::size_t bytes_at_most = std::size_t{32} << 20;
/// Of a message, beside its text, in a broker.
constexpr std::size_t envelope_bytes = 64;

} // namespace

undelivered::undelivered()
    : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw std::system_error{errno, std::generic_category(), "eventfd"};
}

undelivered::~undelivered() { ::close(fd_); }

void undelivered::limit(const load::shape& wanted) noexcept {
    at_most_ = std::max<std::size_t>(bytes_at_most / (wanted.text_bytes + envelope_bytes), 1);
    if (!wanted.rate) at_most_ = std::min(at_most_, wanted.publishers * wanted.window);
}

void undelivered::give_back(std::size_t messages) noexcept {
    count_.fetch_sub(messages);
    if (!wanted_.exchange(false)) return;
    const std::uint64_t one = 1;
    static_cast<void>(!::write(fd_, &one, sizeof one)); // full: it was written to
}

} // namespace fenliu::bench
