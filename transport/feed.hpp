// The live feed: an XPUB socket that publishes events to whoever subscribes, best effort, and counts the subscriptions. What an
// encrypted client may subscribe to hangs on its live sessions on the bus. Owned by the broker socket; ROUTER thread, but for
// `wanted`.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <zmq.hpp>

#include "protocol/error.hpp"
#include "transport/broker_socket.hpp"
#include "transport/connection_watch.hpp"
#include "transport/outbound.hpp"

namespace fenliu::transport {

/// Whether the client with this CURVE key may follow events whose topics begin like that, now.
using feed_right = std::function<bool(std::string_view key, std::string_view topic)>;

class feed {
public:
    feed(zmq::context_t& context, const socket_options& options);

    [[nodiscard]] std::optional<protocol::failure> bind(const std::vector<std::string>& endpoints);
    [[nodiscard]] const std::vector<std::string>& endpoints() const noexcept { return endpoints_; }

    /// Sends the event to its subscribers; one that does not keep up misses it.
    void publish(const feed_event& published) noexcept;
    /// Reads the subscriptions that wait. One that its client has no right to is as if it had not been.
    void read_subscriptions(const feed_right& may, instant now);
    /// Ends the connections of clients that have no right any more to all they subscribed to.
    void review(const feed_right& may);
    void cut_silent(instant now) { watch_.cut_silent(now); }
    [[nodiscard]] std::optional<instant> wake_at() const noexcept { return watch_.wake_at(); }
    void close(int linger_ms);
    /// Whether anybody subscribes; any thread.
    [[nodiscard]] bool wanted() const noexcept { return subscriptions() != 0; }
    [[nodiscard]] std::uint64_t subscriptions() const noexcept { return subscriptions_.load(std::memory_order_relaxed); }
    [[nodiscard]] zmq::socket_t& socket() noexcept { return socket_; }
    [[nodiscard]] zmq::socket_t& events() noexcept { return watch_.events(); }

private:
    /// A connection that subscribed to something.
    struct reader {
        connection_id connection = 0;
        std::string key;
        std::set<std::string, std::less<>> topics;
    };
    struct change {
        int fd = -1;
        bool subscribes = false;
        std::string key, topic;
    };

    /// Tells the socket, which knows whose message it gave last, what comes of it; false: nothing.
    [[nodiscard]] bool take(zmq::message_t& message, const feed_right& may, change& out);
    void note(const change& each);

    zmq::socket_t socket_;
    connection_watch watch_;
    security_options security_;
    std::vector<std::string> endpoints_;
    std::unordered_map<int, reader> readers_; ///< by descriptor
    connection_id made_ = 0;
    std::vector<connection_id> gone_;
    std::vector<change> changes_;
    std::atomic<std::uint64_t> subscriptions_{0};
};

} // namespace fenliu::transport
