#include "apps/fenliu/interrupt.hpp"

#include <csignal>

namespace fenliu::apps::fenliu {

namespace {
volatile std::sig_atomic_t caught = 0;
}

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { caught = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() noexcept { return caught != 0; }

} // namespace fenliu::apps::fenliu
