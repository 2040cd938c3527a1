// The broker's end of the bus: one thread that owns ROUTER and XPUB, decodes frames into events for the lanes and sends what
// is posted. It knows sessions (transport/session.hpp), not shops' rules and not actors.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "protocol/error.hpp"
#include "protocol/limits.hpp"
#include "protocol/token_claims.hpp"
#include "transport/inbound_sink.hpp"
#include "transport/outbound.hpp"

namespace fenliu::transport {

/// A static credential. With none configured every hello is admitted with an empty token (loopback only).
struct token_grant {
    std::string token;
    protocol::role role = protocol::role::frontend;
    std::string shop;    ///< empty: any
    std::string account; ///< agents: empty: any of the shop
};

/// A signed token that is of no use any more, though it is not expired.
struct revoked_token {
    std::string id;
    protocol::timestamp_ms expires_at = 0; ///< then it may be forgotten; 0: never
};

/// How peers prove who they are.
struct security_options {
    std::string curve_secret;                                        ///< Z85; the broker's. Without it no endpoint is encrypted
    bool encrypt_loopback = false;                                   ///< tcp endpoints on loopback too
    bool insecure = false;                                           ///< endpoints that other machines reach may be in clear
    std::string issuer_public;                                       ///< base64url; whose tokens are taken; empty: no signed ones
    std::uint32_t handshakes_per_s = limits::handshakes_per_s;       ///< of one address, hellos too
    std::size_t sessions_per_address = limits::sessions_per_address; ///< this machine's are not counted in clear
    std::vector<revoked_token> revoked;                              ///< at the start
    std::function<protocol::timestamp_ms()> wall_clock;              ///< for tokens' ends; empty: the system's
};

struct socket_options {
    std::vector<std::string> bus;  ///< ROUTER endpoints, tcp:// or ipc://; port 0 or * picks a free one
    std::vector<std::string> feed; ///< XPUB endpoints
    std::string server_name = "fenliu";
    std::chrono::milliseconds heartbeat = limits::heartbeat;
    std::chrono::milliseconds session_expiry = limits::session_expiry;
    std::chrono::milliseconds hello_timeout = limits::hello_timeout;
    std::uint32_t window = limits::window;
    std::size_t outbox_bytes = limits::outbox_bytes;
    std::size_t in_flight_bytes = limits::in_flight_bytes;
    std::size_t connections = limits::connections;
    std::uint32_t shop_rate = 0; ///< messages of frontends a second for each shop; 0: no limit
    std::vector<token_grant> tokens;
    security_options security;
};

/// Counters since start, readable from any thread.
struct socket_figures {
    std::uint64_t frames_in = 0, frames_out = 0, messages_in = 0, messages_out = 0, bytes_in = 0, bytes_out = 0;
    std::uint64_t sessions = 0, sessions_lost = 0, resumed = 0, slow_closed = 0, malformed = 0, refused = 0;
    std::uint64_t handshakes_refused = 0;
    std::uint64_t in_flight_bytes = 0, feed_subscriptions = 0;
};

class broker_socket {
public:
    /// Binds; a failure names the endpoint and the remedy (in use, not permitted, not an address).
    [[nodiscard]] static std::variant<std::unique_ptr<broker_socket>, protocol::failure> bind(socket_options options,
                                                                                              inbound_sink& sink);
    virtual ~broker_socket() = default;

    /// Starts the thread. The sink must outlive stop().
    virtual void start() = 0;
    /// Hands output to the thread; any thread, never blocks, wakes it on the empty → non-empty edge.
    virtual void post(outbound_batch&& batch) noexcept = 0;
    /// Whether anybody subscribes to the feed at all; any thread. Lets lanes skip making events.
    [[nodiscard]] virtual bool feed_wanted() const noexcept = 0;
    /// From now on new hellos and data are answered DRAINING; what is in flight goes on.
    virtual void drain() noexcept = 0;
    /// Replaces tokens (SIGHUP); live sessions stay.
    virtual void set_tokens(std::vector<token_grant> tokens) = 0;
    /// Flushes for at most `linger`, says bye SHUTTING_DOWN to every session, joins the thread and closes. Idempotent.
    virtual void stop(std::chrono::milliseconds linger) noexcept = 0;

    [[nodiscard]] virtual std::vector<std::string> bus_endpoints() const = 0;
    [[nodiscard]] virtual std::vector<std::string> feed_endpoints() const = 0;
    [[nodiscard]] virtual socket_figures figures() const noexcept = 0;
};

} // namespace fenliu::transport
