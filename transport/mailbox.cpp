#include "transport/mailbox.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include <sys/eventfd.h>
#include <unistd.h>

namespace fenliu::transport {

mailbox::mailbox()
    : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

mailbox::~mailbox() { ::close(fd_); }

void mailbox::signal() const noexcept {
    const std::uint64_t one = 1;
    // Only a full counter could refuse it, and then the fd is readable anyway.
    static_cast<void>(!::write(fd_, &one, sizeof one));
}

void mailbox::take(mail& into) {
    const std::scoped_lock lock(mutex_);
    if (!std::exchange(signalled_, false)) return;
    std::uint64_t count = 0;
    static_cast<void>(!::read(fd_, &count, sizeof count));
    std::swap(into, waiting_);
}

} // namespace fenliu::transport
