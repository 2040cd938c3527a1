// What other threads hand to the ROUTER thread: output of the lanes and orders of the owner. Any thread posts, the ROUTER
// thread takes everything at once; its eventfd is written on the edge from empty to not empty only.
#pragma once

#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "transport/broker_socket.hpp"
#include "transport/instant.hpp"
#include "transport/outbound.hpp"

namespace fenliu::transport {

struct mail {
    std::vector<outbound_batch> batches;
    std::optional<std::vector<token_grant>> tokens;
    bool drain = false;
    std::optional<instant> stop_by; ///< the thread is to end by then
};

class mailbox {
public:
    mailbox();
    mailbox(const mailbox&) = delete;
    mailbox& operator=(const mailbox&) = delete;
    ~mailbox();

    /// Changes the mail that waits: `change(mail&)`. Any thread.
    template <class Change>
    void post(Change change) {
        const std::scoped_lock lock(mutex_);
        change(waiting_);
        if (!std::exchange(signalled_, true)) signal();
    }
    /// Swaps what waits into `into`, which is empty. ROUTER thread.
    void take(mail& into);
    /// Readable when mail waits.
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    void signal() const noexcept;

    std::mutex mutex_;
    mail waiting_;
    bool signalled_ = false;
    int fd_;
};

} // namespace fenliu::transport
