// The live feed: an XPUB socket that publishes events to whoever subscribes, best effort, and counts the subscriptions. Owned by
// the broker socket; ROUTER thread, but for `wanted`.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <zmq.hpp>

#include "protocol/error.hpp"
#include "transport/outbound.hpp"

namespace fenliu::transport {

class feed {
public:
    explicit feed(zmq::context_t& context);

    [[nodiscard]] std::optional<protocol::failure> bind(const std::vector<std::string>& endpoints);
    [[nodiscard]] const std::vector<std::string>& endpoints() const noexcept { return endpoints_; }

    /// Sends the event to its subscribers; one that does not keep up misses it.
    void publish(const feed_event& published) noexcept;
    /// Reads the subscriptions that wait.
    void read_subscriptions();
    void close(int linger_ms);
    /// Whether anybody subscribes; any thread.
    [[nodiscard]] bool wanted() const noexcept { return subscriptions() != 0; }
    [[nodiscard]] std::uint64_t subscriptions() const noexcept { return subscriptions_.load(std::memory_order_relaxed); }
    [[nodiscard]] zmq::socket_t& socket() noexcept { return socket_; }

private:
    zmq::socket_t socket_;
    std::vector<std::string> endpoints_;
    std::atomic<std::uint64_t> subscriptions_{0};
};

} // namespace fenliu::transport
