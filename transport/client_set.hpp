// Many clients of one thread, polled together: only those with something to do are gone through, so thousands that are quiet cost
// nothing. A client is in one set at most, until it ends, is closed or destroyed; a set may end before its clients.
#pragma once

#include <chrono>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "transport/client.hpp"
#include "transport/instant.hpp"

namespace fenliu::transport {

class client_set {
public:
    /// Throws std::system_error where the system has no descriptor left; so does `add` beyond what it watches.
    client_set();
    ~client_set();
    client_set(const client_set&) = delete;
    client_set& operator=(const client_set&) = delete;

    void add(client& added);
    /// As client::poll, with one wait for all; returns at once when it has none.
    void poll(std::chrono::nanoseconds wait);
    /// Clients that have not ended. One that is refused or unreachable leaves the set.
    [[nodiscard]] std::size_t size() const noexcept { return timers_.size(); }

private:
    friend struct client::data;

    void after_round(client::data& of);
    void remove(client::data& of) noexcept;
    /// Gives everyone with something to do a round; whether anything came or changed.
    bool look();
    /// Lists who is due, or has something new at its descriptor.
    void find(instant now);
    void list(client::data& of);

    int watched_;                                        // epoll's
    std::set<std::pair<instant, client::data*>> timers_; // everyone's, by when to look at the latest
    std::vector<client::data*> listed_;                  // for the next look
    std::vector<client::data*> looked_at_;               // by this one; null: left the set meanwhile
};

} // namespace fenliu::transport
